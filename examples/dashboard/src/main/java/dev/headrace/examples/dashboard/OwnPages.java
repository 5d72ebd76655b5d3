package dev.headrace.examples.dashboard;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Whatever changes something is done for this page alone: browsers say which site a request comes from (Fetch Metadata). */
@Component
class OwnPages implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String site = exchange.getRequest().getHeaders().getFirst("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin");
        if (foreign && !exchange.getRequest().getMethod().equals(HttpMethod.GET)) {
            exchange.getResponse().setStatusCode(HttpStatus.FORBIDDEN);
            return exchange.getResponse().setComplete();
        }
        return chain.filter(exchange);
    }
}
