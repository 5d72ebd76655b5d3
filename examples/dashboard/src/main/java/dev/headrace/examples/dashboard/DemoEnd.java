package dev.headrace.examples.dashboard;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** Ends the demo with the application. */
record DemoEnd(DemoSite demo) implements ApplicationListener<ContextClosedEvent> {

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        demo.close();
    }
}
