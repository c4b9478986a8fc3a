// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.event.SharedEvent;
import java.util.concurrent.TimeUnit;

/** Events. */
final class EventOperations {
    private EventOperations() {}

    static KindOperations all() {
        return new KindOperations("event")
                .with("set", context -> context.finish(any(context).setAsync()))
                .with("clear", context -> context.finish(any(context).clearAsync()))
                .with("isSet", context -> any(context).isSet())
                .with("isSetStale", context -> any(context).isSetStale())
                .with("await", context -> {
                    SharedEvent event = any(context);
                    if (context.coin()) {
                        event.await(context.patience().toMillis(), TimeUnit.MILLISECONDS);
                    } else {
                        context.finish(event.awaitAsync(context.patience()));
                    }
                })
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedEvent any(OperationContext context) {
        return context.open(context.name("event"), context.client()::event);
    }
}
