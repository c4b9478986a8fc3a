// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.namespace;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.NamespaceInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ContentWalk;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.client.session.Read;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import io.holdfast.protocol.v1.NamespaceFound;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that all clients share: values under names, each set and read on its own.
 *
 * <pre>{@code
 * interface Settings {
 *     int workers();
 *     void workers(int count);
 * }
 *
 * Settings settings = client.namespace("settings").as(Settings.class);
 * settings.workers(8);
 * }</pre>
 *
 * <p>All methods are linearizable, and each takes effect exactly once; two attributes are two commands. A
 * value is whatever the client's codec carries, null and shared objects included; an attribute that holds
 * null is there. A name has 1 to 512 bytes of UTF-8 and does not begin with an underscore, or it is {@link
 * IllegalArgumentException}. An attribute that is not there is {@link NoSuchElementException}, as it is an
 * error in Python. {@link io.holdfast.client.errors.SessionLostException} says that the command may or may
 * not have taken effect.
 *
 * <p>Facades of one namespace are equal; compare {@link #asMap} to compare contents. A value that cannot be decoded is a {@link
 * io.holdfast.client.errors.DecodingException}, which carries it encoded; no method removes or replaces one and throws that.
 *
 * <p>Memory consistency effects: a write <i>happens-before</i> a read that sees it, as far as the actions
 * go through this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedNamespace implements SharedObject {
    private final ObjectRef object;
    private final StandardCodec codec;
    private final Caller caller;
    private final NamespaceCalls calls;

    /** For {@link io.holdfast.client.HoldfastClient#namespace}. */
    public SharedNamespace(ObjectRef object, StandardCodec codec, Caller caller) {
        this.object = object;
        this.codec = codec;
        this.caller = caller;
        this.calls = new NamespaceCalls(object);
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    @Override
    public NamespaceInspection inspect() {
        return (NamespaceInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * What the attribute holds; null: null.
     *
     * @throws NoSuchElementException if it is not there
     */
    public @Nullable Object get(String name) {
        return caller.ask(question(name, codec));
    }

    /** As {@link #get(String)}, without blocking; the future fails if the attribute is not there. */
    public CompletableFuture<@Nullable Object> getAsync(String name) {
        return caller.askAsync(question(name, codec));
    }

    /**
     * What the attribute holds, as that type; null: null.
     *
     * @throws NoSuchElementException if it is not there
     * @throws io.holdfast.client.errors.DecodingException if it is of another type
     */
    public <T> @Nullable T get(String name, Class<T> type) {
        return caller.ask(question(name, Codec.nullable(codec.typed(type))));
    }

    /** As {@link #get(String, Class)}, without blocking. */
    public <T> CompletableFuture<@Nullable T> getAsync(String name, Class<T> type) {
        return caller.askAsync(question(name, Codec.nullable(codec.typed(type))));
    }

    /** What the attribute holds, through a codec of the caller's. */
    <T extends @Nullable Object> T get(String name, Codec<T> as) {
        return caller.ask(question(name, as));
    }

    private <T extends @Nullable Object> Question<T> question(String name, Codec<T> as) {
        return calls.get(name, found -> ContentCodec.exactly(as).decode(present(name, found)));
    }

    private Value present(String name, NamespaceFound found) {
        if (!found.hasValue()) {
            throw missing(name);
        }
        return found.getValue();
    }

    private NoSuchElementException missing(String name) {
        return new NoSuchElementException("The namespace " + object + " has no attribute '" + name + "'");
    }

    /** Whether the attribute is there. */
    public boolean contains(String name) {
        return caller.ask(calls.contains(name));
    }

    /** As {@link #contains}, without blocking. */
    public CompletableFuture<Boolean> containsAsync(String name) {
        return caller.askAsync(calls.contains(name));
    }

    /**
     * Sets the attribute, be it there or not.
     *
     * @throws IllegalArgumentException if the codec does not carry the value, or it is too large
     */
    public void set(String name, @Nullable Object value) {
        set(name, value, codec);
    }

    /** As {@link #set}, without blocking. */
    public CompletableFuture<@Nullable Void> setAsync(String name, @Nullable Object value) {
        return caller.callAsync(calls.set(name, encoded(value, codec)));
    }

    /** Sets the attribute through a codec of the caller's. */
    <T extends @Nullable Object> void set(String name, T value, Codec<T> as) {
        caller.call(calls.set(name, encoded(value, as)));
    }

    private <T extends @Nullable Object> Value encoded(T value, Codec<T> as) {
        return caller.limits().checkedValue(as.encode(value));
    }

    /**
     * Deletes the attribute.
     *
     * @throws NoSuchElementException if it is not there
     */
    public void delete(String name) {
        caller.call(deletion(name));
    }

    /** As {@link #delete}, without blocking; the future fails if the attribute is not there. */
    public CompletableFuture<@Nullable Void> deleteAsync(String name) {
        return caller.callAsync(deletion(name));
    }

    private Operation<@Nullable Void> deletion(String name) {
        return calls.delete(name, deleted -> {
            if (!deleted) {
                throw missing(name);
            }
            return null;
        });
    }

    /** The names of all attributes at one instant, in the order of their bytes. */
    public List<String> names() {
        return caller.read(allNames());
    }

    /** As {@link #names}, without blocking; as {@link #asMapAsync}. */
    public CompletableFuture<List<String>> namesAsync() {
        return caller.readAsync(allNames());
    }

    private Read<NamespaceAttributes, List<String>> allNames() {
        return reading(true, attributes -> {
            List<String> names = new ArrayList<>();
            attributes.forEachRemaining(attribute -> names.add(attribute.getName()));
            return names;
        });
    }

    /** A copy of all attributes as they are at one instant, in the order of their names' bytes. It is the caller's own. */
    public Map<String, @Nullable Object> asMap() {
        return caller.read(all());
    }

    /**
     * As {@link #asMap}, without blocking. With more attributes than one message carries (1,000), a thread of the client's
     * callback executor is occupied until all are read.
     */
    public CompletableFuture<Map<String, @Nullable Object>> asMapAsync() {
        return caller.readAsync(all());
    }

    private Read<NamespaceAttributes, Map<String, @Nullable Object>> all() {
        return reading(false, attributes -> {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            attributes.forEachRemaining(attribute ->
                    map.put(attribute.getName(), ContentCodec.exactly(codec).decode(attribute.getValue())));
            return map;
        });
    }

    private <R> Read<NamespaceAttributes, R> reading(
            boolean namesOnly, Function<Iterator<NamespaceAttribute>, R> reader) {
        return new Read<>(
                calls.page("", namesOnly),
                first -> first.getNext().isEmpty(),
                first -> reader.apply(first.getAttributesList().iterator()),
                cursor -> reader.apply(new AttributePages(calls, cursor, namesOnly)));
    }

    /**
     * A view of the attributes through an interface: what it declares is read and written here, at each call.
     *
     * <table>
     * <caption>Methods</caption>
     * <tr><th>method</th><th>does</th></tr>
     * <tr><td>{@code T x()}, {@code T getX()}, {@code boolean isX()}</td><td>reads the attribute {@code x}</td></tr>
     * <tr><td>{@code void x(T)}, {@code void setX(T)}</td><td>sets the attribute {@code x}</td></tr>
     * <tr><td>default methods</td><td>run, on the view</td></tr>
     * </table>
     *
     * <p>Types are those that {@link Codec} tells of; a primitive attribute that holds null is {@link
     * io.holdfast.client.errors.DecodingException}, and one that is not there is {@link NoSuchElementException} whatever
     * its type. Views of one interface are equal if they are of one namespace.
     *
     * @param type an interface that the view can be made of
     * @throws IllegalArgumentException if one of its methods is none of these, or its type has no codec: the message
     *     names the method
     */
    public <T> T as(Class<T> type) {
        return NamespaceView.of(this, type, codec);
    }

    /**
     * This namespace, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedNamespace guardedBy(LockHandle held) {
        return new SharedNamespace(object, codec, held.guarding(caller));
    }

    /** This namespace, with all commands guarded by a grant that any client holds. */
    public SharedNamespace guardedBy(Guard guard) {
        return new SharedNamespace(object, codec, caller.guarded(guard));
    }

    /** Whether the other is a facade of the same namespace. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedNamespace namespace
                && id() == namespace.id()
                && caller.sharesClusterWith(namespace.caller);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    /**
     * All attributes, as Python prints them: {@code Namespace(a=1, b='x')}. It asks the cluster. Inside another shared object
     * that is printed, the namespace's id.
     */
    @Override
    public String toString() {
        return ContentWalk.text(object, this::print);
    }

    private String print() {
        return asMap().entrySet().stream()
                .map(attribute -> attribute.getKey() + "=" + told(attribute.getValue()))
                .collect(Collectors.joining(", ", "Namespace(", ")"));
    }

    private static String told(@Nullable Object value) {
        if (value instanceof SharedObject object) {
            return "#" + object.id();
        }
        return value instanceof String ? "'" + value + "'" : String.valueOf(value);
    }
}
