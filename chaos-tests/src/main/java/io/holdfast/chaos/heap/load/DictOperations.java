// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.dict.SharedDict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Dicts of up to 60 values of any size. */
@SuppressWarnings("ReturnValueIgnored") // the calls are what matters
final class DictOperations {
    private static final int KEYS = 60;
    private static final int MOST_AT_ONCE = 20;

    private DictOperations() {}

    static KindOperations all() {
        return whole(computing(changing(reading(new KindOperations("dict")))));
    }

    private static KindOperations reading(KindOperations kind) {
        return kind.with("get", context -> context.finish(any(context).getAsync(key(context))))
                .with("getOrThrow", context -> {
                    SharedDict<String, byte[]> dict = any(context);
                    String key = key(context);
                    dict.put(key, context.blob());
                    context.finish(dict.getOrThrowAsync(key));
                })
                .with("containsKey", context -> context.finish(any(context).containsKeyAsync(key(context))))
                .with("containsValue", context -> any(context).containsValue(context.blob(8)))
                .with("size", context -> any(context).size())
                .with("sizeAsLong", context -> context.finish(any(context).sizeAsync()))
                .with("isEmpty", context -> any(context).isEmpty())
                .with("inspect", context -> any(context).inspect())
                .with("stale", context -> {
                    any(context).stale().get(key(context));
                    any(context).stale().containsKey(key(context));
                    any(context).stale().size();
                });
    }

    private static KindOperations changing(KindOperations kind) {
        return kind.with("put", context -> {
                    context.finish(any(context).putAsync(key(context), context.blob()));
                    any(context).put(key(context), context.blob(), soon(context));
                })
                .with(
                        "expiringAfter",
                        context -> any(context).expiringAfter(soon(context)).put(key(context), context.blob()))
                .with(
                        "putIfAbsent",
                        context -> context.finish(any(context).putIfAbsentAsync(key(context), context.blob())))
                .with(
                        "setDefault",
                        context -> context.finish(any(context).setDefaultAsync(key(context), context.blob())))
                .with("remove", context -> {
                    context.finish(any(context).removeAsync(key(context)));
                    context.finish(any(context).removeAsync(key(context), context.blob(4)));
                })
                .with("popLast", context -> context.finish(any(context).popLastAsync()))
                .with("replace", context -> {
                    context.finish(any(context).replaceAsync(key(context), context.blob()));
                    context.finish(any(context).replaceAsync(key(context), context.blob(4), context.blob()));
                })
                .with("clear", context -> context.finish(any(context).clearAsync()))
                .with("update", context -> context.finish(any(context).updateAsync(some(context))))
                .with("putAll", context -> context.finish(any(context).putAllAsync(some(context))));
    }

    private static KindOperations computing(KindOperations kind) {
        return kind.with("compute", context -> {
                    byte[] value = context.blob();
                    context.finish(any(context).computeAsync(key(context), (key, old) -> value));
                })
                .with("computeIfPresent", context -> {
                    byte[] value = context.blob();
                    context.finish(any(context).computeIfPresentAsync(key(context), (key, old) -> value));
                })
                .with("computeIfAbsent", context -> {
                    byte[] value = context.blob();
                    context.finish(any(context).computeIfAbsentAsync(key(context), key -> value));
                })
                .with(
                        "merge",
                        context -> context.finish(
                                any(context).mergeAsync(key(context), context.blob(), (old, value) -> value)))
                .with("replaceAll", context -> {
                    SharedDict<String, byte[]> dict = few(context);
                    context.finish(dict.replaceAllAsync((key, old) -> old.clone()));
                });
    }

    private static KindOperations whole(KindOperations kind) {
        return kind.with("copy", context -> context.finish(any(context).copyAsync()))
                .with("entrySet", context -> walk(any(context).entrySet().iterator()))
                .with("keySet", context -> walk(any(context).keySet().iterator()))
                .with("values", context -> walk(any(context).values().iterator()));
    }

    private static void walk(Iterator<?> elements) {
        while (elements.hasNext()) {
            elements.next();
        }
    }

    private static SharedDict<String, byte[]> any(OperationContext context) {
        return context.open(context.name("dict"), name -> context.client().dict(name, String.class, byte[].class));
    }

    /** Returns a dict with few readers and writers, so that its content can be replaced before another client changes it. */
    private static SharedDict<String, byte[]> few(OperationContext context) {
        SharedDict<String, byte[]> dict =
                context.open(context.name("few"), name -> context.client().dict(name, String.class, byte[].class));
        dict.put("only", context.blob());
        return dict;
    }

    private static String key(OperationContext context) {
        return "key " + context.below(KEYS);
    }

    private static Duration soon(OperationContext context) {
        return Duration.ofMillis(1 + context.below(5_000));
    }

    private static Map<String, byte[]> some(OperationContext context) {
        Map<String, byte[]> some = new HashMap<>();
        context.blobs(MOST_AT_ONCE).forEach(blob -> some.put(key(context), blob));
        return some;
    }
}
