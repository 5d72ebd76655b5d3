package dev.headrace.examples.shop;

import dev.headrace.connector.Connector;
import dev.headrace.connector.Endpoint;
import dev.headrace.pagination.Pagination;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** All customers, page after page. */
@RestController
class CustomerController {

    private final Connector crm;

    /** The remote says {@code display_name}. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Customer(long id, String displayName) {}

    CustomerController(@Qualifier("crm") Connector crm) {
        this.crm = crm;
    }

    @GetMapping("/customers")
    Flux<Customer> customers() {
        return crm.records(
                Endpoint.get("/customers").paginate(Pagination.linkHeader()).items(Customer.class));
    }
}
