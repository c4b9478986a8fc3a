// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.SharedObject;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.Typecode;
import java.util.List;

/** Operations on objects of every kind: creation, deletion, references and guards. */
final class ObjectOperations {
    private static final List<String> DELETED =
            List.of("lock", "rlock", "semaphore", "event", "queue", "value", "dict", "list", "namespace", "signals");

    private ObjectOperations() {}

    static KindOperations all() {
        KindOperations kind = new KindOperations("object")
                .with("delete", context -> {
                    context.client().delete(context.name(DELETED.get(context.below(DELETED.size()))));
                    context.forget();
                })
                .with("inspect", context -> {
                    String name = context.name("value");
                    context.client().value(name, Typecode.INT64, 0L);
                    context.client().inspect(name);
                })
                .with("objects", context -> context.client().objects("heap/"))
                .with("drop", ObjectOperations::createAndDrop)
                .with("nest", ObjectOperations::nest)
                .with("circle", ObjectOperations::circle)
                .with("guardedBy", ObjectOperations::guard);
        return kind;
    }

    /** Creates one object without a name of every kind, and drops about two thirds; the end of the session drops the rest. */
    private static void createAndDrop(OperationContext context) {
        HoldfastClient client = context.client();
        var lock = client.newLock();
        List<SharedObject> made = List.of(
                lock,
                client.newCondition(lock),
                client.newRLock(),
                client.newSemaphore(1),
                client.newBarrier(2),
                client.newEvent(),
                client.newValue(Typecode.INT64, 1L),
                client.newArray(Typecode.INT64, 10),
                client.newDict(),
                client.newQueue(),
                client.newList(),
                client.newNamespace());
        made.stream().filter(object -> context.below(3) > 0).forEach(client::drop);
    }

    /** Makes a chain of containers that only the name of the first one keeps; the next chain replaces it. */
    private static void nest(OperationContext context) {
        HoldfastClient client = context.client();
        SharedDict<String, Object> root = client.dict(context.name("nested"), String.class, Object.class);
        Object inner = context.blob();
        for (int depth = context.below(8); depth > 0; depth--) {
            SharedList<Object> outer = client.newList(Object.class);
            outer.add(inner);
            drop(client, inner);
            inner = outer;
        }
        root.put("chain", inner);
        drop(client, inner);
    }

    private static void drop(HoldfastClient client, Object object) {
        if (object instanceof SharedObject shared) {
            client.drop(shared);
        }
    }

    /** Makes two lists that refer to each other, which only {@code gc} reclaims. */
    private static void circle(OperationContext context) {
        HoldfastClient client = context.client();
        SharedList<Object> one = client.newList(Object.class);
        SharedList<Object> other = client.newList(Object.class);
        one.add(other);
        other.add(one);
        one.add(context.blob());
        client.drop(one);
        client.drop(other);
    }

    private static void guard(OperationContext context) throws Exception {
        HoldfastClient client = context.client();
        LockHandle held = client.lock(context.name("guard")).acquire(context.patience());
        if (held != null) {
            try (held) {
                client.value(context.name("value"), Typecode.INT64, 0L)
                        .guardedBy(held)
                        .addAndGet(1L);
                client.event(context.name("event")).guardedBy(held).set();
            }
        }
    }
}
