// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.contract.SharedCluster;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The attributes of a namespace through an interface. */
class NamespaceViewTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedNamespace namespace;
    private SharedNamespace ofOther;

    enum Mode {
        FAST,
        SAFE
    }

    record Limit(String name, int most) {}

    interface Settings {
        int workers();

        void workers(int count);

        String getTitle();

        void setTitle(String title);

        boolean isOpen();

        void setOpen(boolean open);

        Mode mode();

        void mode(Mode mode);

        List<Limit> limits();

        void limits(List<Limit> limits);

        Optional<Instant> due();

        void due(Optional<Instant> due);

        SharedEvent ready();

        void ready(SharedEvent event);

        default int workersAndOne() {
            return workers() + 1;
        }

        default void grow(int by) {
            workers(workers() + by);
        }
    }

    @BeforeEach
    void openNamespace() {
        String name = shared.name();
        namespace = shared.client().namespace(name);
        ofOther = shared.other().namespace(name);
    }

    @Test
    void view_readsAndWritesTheAttributes() {
        Settings settings = namespace.as(Settings.class);
        Settings seen = ofOther.as(Settings.class);
        settings.workers(8);
        settings.setTitle("a title");
        settings.setOpen(true);
        settings.mode(Mode.SAFE);
        settings.limits(List.of(new Limit("cpu", 2), new Limit("disk", 3)));
        settings.due(Optional.of(Instant.EPOCH));
        SharedEvent event = shared.client().event(shared.name());
        settings.ready(event);
        assertThat(seen.workers()).isEqualTo(8);
        assertThat(seen.getTitle()).isEqualTo("a title");
        assertThat(seen.isOpen()).isTrue();
        assertThat(seen.mode()).isEqualTo(Mode.SAFE);
        assertThat(seen.limits()).containsExactly(new Limit("cpu", 2), new Limit("disk", 3));
        assertThat(seen.due()).contains(Instant.EPOCH);
        seen.ready().set();
        assertThat(event.isSet()).isTrue();
        assertThat(ofOther.names()).containsExactly("due", "limits", "mode", "open", "ready", "title", "workers");
        assertThat(ofOther.get("title")).isEqualTo("a title");
    }

    @Test
    void defaultMethods_runOnTheView() {
        Settings settings = namespace.as(Settings.class);
        settings.workers(8);
        assertThat(settings.workersAndOne()).isEqualTo(9);
        settings.grow(2);
        assertThat(ofOther.get("workers")).isEqualTo(10L);
    }

    @Test
    void attributeThatIsNotThere_orNull_orOfAnotherType() {
        Settings settings = namespace.as(Settings.class);
        assertThatThrownBy(settings::workers).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(settings::getTitle).isInstanceOf(NoSuchElementException.class);
        settings.setTitle(null);
        assertThat(settings.getTitle()).isNull();
        ofOther.set("workers", null);
        assertThatThrownBy(settings::workers).isInstanceOf(DecodingException.class);
        ofOther.set("workers", 1L << 40);
        assertThatThrownBy(settings::workers).isInstanceOf(DecodingException.class);
        ofOther.set("mode", "SLOW");
        assertThatThrownBy(settings::mode).isInstanceOf(DecodingException.class);
    }

    @Test
    void objectMethods_goByNamespaceAndInterface() {
        Settings settings = namespace.as(Settings.class);
        assertThat(settings).isEqualTo(ofOther.as(Settings.class)).hasSameHashCodeAs(ofOther.as(Settings.class));
        assertThat(settings)
                .isNotEqualTo(shared.client().newNamespace().as(Settings.class))
                .isNotEqualTo(namespace.as(Runless.class));
        settings.workers(1);
        assertThat(settings).hasToString("Settings of Namespace(workers=1)");
    }

    interface Runless {}

    interface Running {
        void run();
    }

    interface Answering {
        int workers(int count);
    }

    interface Private {
        int _workers();
    }

    interface OfNoCodec {
        Thread worker();
    }

    interface Two {
        void both(int a, int b);
    }

    @Test
    void unfitInterfaces_areRefused_whenTheViewIsMade_andTheMethodIsNamed() {
        assertUnfit(Running.class, "run");
        assertUnfit(Answering.class, "workers");
        assertUnfit(Private.class, "_workers");
        assertUnfit(OfNoCodec.class, "worker");
        assertUnfit(Two.class, "both");
        assertThatThrownBy(() -> namespace.as(String.class)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> namespace.as(Override.class)).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertUnfit(Class<?> type, String method) {
        assertThatThrownBy(() -> namespace.as(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.getName() + "." + method + "(");
    }

    interface Counter {
        int getter();

        int issue();

        boolean is();

        int get();

        void setter(int value);

        void set(int value);
    }

    @Test
    void prefixes_countOnlyBeforeACapital() {
        Counter counter = namespace.as(Counter.class);
        counter.setter(1);
        counter.set(2);
        assertThat(namespace.names()).containsExactly("set", "setter");
        namespace.set("getter", 3);
        namespace.set("get", 4);
        namespace.set("issue", 5);
        namespace.set("is", true);
        assertThat(counter.getter()).isEqualTo(3);
        assertThat(counter.get()).isEqualTo(4);
        assertThat(counter.issue()).isEqualTo(5);
        assertThat(counter.is()).isTrue();
    }

    @Test
    void viewOfAGuardedNamespace_isGuarded() throws Exception {
        LockHandle held = shared.client().lock(shared.name()).acquire();
        Settings settings = namespace.guardedBy(held).as(Settings.class);
        settings.workers(1);
        held.release();
        assertThatThrownBy(() -> settings.workers(2)).isInstanceOf(StaleTokenException.class);
        assertThat(settings.workers()).isEqualTo(1);
    }
}
