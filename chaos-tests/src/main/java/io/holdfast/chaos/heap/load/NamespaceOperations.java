// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.namespace.SharedNamespace;

/** Namespaces of up to 30 attributes of any size. */
final class NamespaceOperations {
    private static final int ATTRIBUTES = 30;

    private NamespaceOperations() {}

    /** The interface of a view of two attributes. */
    interface View {
        long count();

        void setCount(long count);
    }

    static KindOperations all() {
        return new KindOperations("namespace")
                .with("set", context -> context.finish(any(context).setAsync(attribute(context), context.blob())))
                .with("get", context -> {
                    SharedNamespace namespace = any(context);
                    namespace.set("present", context.blob());
                    context.finish(namespace.getAsync("present"));
                    context.finish(namespace.getAsync("present", byte[].class));
                })
                .with("contains", context -> context.finish(any(context).containsAsync(attribute(context))))
                .with("delete", context -> {
                    SharedNamespace namespace = any(context);
                    String attribute = attribute(context);
                    namespace.set(attribute, context.blob());
                    context.finish(namespace.deleteAsync(attribute));
                })
                .with("names", context -> context.finish(any(context).namesAsync()))
                .with("asMap", context -> context.finish(any(context).asMapAsync()))
                .with("as", context -> {
                    View view = any(context).as(View.class);
                    view.setCount(7);
                    view.count();
                })
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedNamespace any(OperationContext context) {
        return context.open(context.name("namespace"), context.client()::namespace);
    }

    private static String attribute(OperationContext context) {
        return "attribute" + context.below(ATTRIBUTES);
    }
}
