// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.array.SharedArray;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.value.SharedValue;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the heap run calls every method of every facade. */
class CatalogueTest {
    /** Methods that send nothing to the cluster, or send the command of another method under a name of the JDK. */
    private static final Map<String, Set<String>> LEFT_OUT = Map.ofEntries(
            Map.entry(
                    "",
                    Set.of(
                            "id",
                            "name",
                            "toString",
                            "hashCode",
                            "equals",
                            "guardedBy",
                            "typecode",
                            "options",
                            "isFair")),
            Map.entry("rlock", Set.of("getHoldCount", "token")), // by isHeldByCurrentThread
            Map.entry("lock", Set.of("conditionOf", "hasWaiters", "getWaitQueueLength")), // by the condition's
            Map.entry("condition", Set.of("lock")),
            Map.entry("barrier", Set.of("getParties")),
            Map.entry("array", Set.of("length", "asInts", "asDoubles", "asText", "encode")),
            Map.entry("list", Set.of("removeRange", "containsAll"))); // as contains

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("lock", SharedLock.class),
                Arguments.of("rlock", SharedRLock.class),
                Arguments.of("condition", SharedCondition.class),
                Arguments.of("semaphore", SharedSemaphore.class),
                Arguments.of("event", SharedEvent.class),
                Arguments.of("barrier", SharedBarrier.class),
                Arguments.of("queue", SharedQueue.class),
                Arguments.of("value", SharedValue.class),
                Arguments.of("dict", SharedDict.class),
                Arguments.of("list", SharedList.class),
                Arguments.of("namespace", SharedNamespace.class),
                Arguments.of("array", SharedArray.class));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyMethodOfAFacade_isAnOperationOfItsKind(String kind, Class<?> facade) {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type = facade; type.getName().startsWith("io.holdfast."); type = type.getSuperclass()) {
            missing.addAll(methods(type));
        }
        Set<String> there = Catalogue.kinds().stream()
                .filter(operations -> operations.kind().equals(kind))
                .flatMap(operations -> operations.operations().keySet().stream())
                .collect(Collectors.toSet());
        missing.removeAll(there);
        missing.removeAll(LEFT_OUT.getOrDefault("", Set.of()));
        missing.removeAll(LEFT_OUT.getOrDefault(kind.equals("rlock") ? "lock" : kind, Set.of()));
        missing.removeAll(LEFT_OUT.getOrDefault(kind, Set.of()));

        assertThat(missing)
                .as("methods of %s that the heap run never calls", facade.getSimpleName())
                .isEmpty();
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .map(name -> name.endsWith("Async") ? name.substring(0, name.length() - "Async".length()) : name)
                .map(CatalogueTest::blocking)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the name of the blocking variant, where it is another one. */
    private static String blocking(String name) {
        return name.equals("removeAt") ? "remove" : name;
    }
}
