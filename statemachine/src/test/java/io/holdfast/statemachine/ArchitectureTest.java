// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The fences: what makes an apply depend on the log alone, and keeps rooms apart. */
class ArchitectureTest {
    private static final List<String> ROOMS =
            List.of("lock", "semaphore", "barrier", "event", "value", "dict", "queue", "list", "namespace", "array");

    /** The classes that are compiled to where the kernel is: not the tests. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Kernel.class.getProtectionDomain().getCodeSource().getLocation());

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void stateMachine_knowsNeitherReplicationNorNetwork() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.ratis..", "io.grpc..", "java.net.."));
    }

    @Test
    void stateMachine_hasNoClockAndNoRandomness() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.time.."));
        check(noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class));
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(UUID.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(random\\..*|SplittableRandom)"));
    }

    @Test
    void stateMachine_hasNoThreads() {
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.concurrent.."));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(Thread.class));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
    }

    @Test
    void stateMachine_readsAndWritesNothingButItsStore() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.holdfast.statemachine.store")
                .and()
                // generated messages can be read from and written to streams
                .resideOutsideOfPackages("io.holdfast.statemachine.log", "io.holdfast.statemachine.rows")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "org.rocksdb.."));
    }

    /** Reflection on messages loads hundreds of classes at its first use, and its texts depend on the library's version. */
    @Test
    void stateMachine_doesNotReflectOnMessages() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.holdfast.statemachine.log", "io.holdfast.statemachine.rows")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("com\\.google\\.protobuf\\.(TextFormat|Descriptors|util\\.).*"));
    }

    /** Of maps and sets, only those that are iterated in an order of their own are safe to iterate. */
    @Test
    void stateMachine_hasNoHashMap() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.holdfast.statemachine.log", "io.holdfast.statemachine.rows")
                .should()
                .callConstructorWhere(target(owner(type(HashMap.class))))
                .orShould()
                .callConstructorWhere(target(owner(type(HashSet.class)))));
    }

    @Test
    void rooms_doNotKnowEachOther() {
        for (String room : ROOMS) {
            String[] others = ROOMS.stream()
                    .filter(other -> !other.equals(room))
                    .map(other -> "io.holdfast.statemachine." + other)
                    .toArray(String[]::new);
            check(noClasses()
                    .that()
                    .resideInAPackage("io.holdfast.statemachine." + room)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others));
        }
    }

    @Test
    void noClass_isNamedForNothing() {
        check(noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl"));
    }
}
