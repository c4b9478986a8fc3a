// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;

/** Values. */
final class ValueOperations {
    private ValueOperations() {}

    static KindOperations all() {
        return new KindOperations("value")
                .with("get", context -> context.finish(any(context).getAsync()))
                .with("getStale", context -> any(context).getStale())
                .with(
                        "set",
                        context -> context.finish(
                                any(context).setAsync(context.random().nextLong(1000))))
                .with("compareAndSet", context -> {
                    SharedValue<Long> value = any(context);
                    context.finish(value.compareAndSetAsync(value.get(), 5L));
                })
                .with("getAndAdd", context -> context.finish(any(context).getAndAddAsync(1L)))
                .with("addAndGet", context -> context.finish(any(context).addAndGetAsync(-1L)))
                .with("getAndSet", context -> context.finish(any(context).getAndSetAsync(7L)))
                .with("update", context -> context.finish(any(context).updateAsync(old -> old / 2 + 1)))
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedValue<Long> any(OperationContext context) {
        return context.open(context.name("value"), name -> context.client().value(name, Typecode.INT64, 0L));
    }
}
