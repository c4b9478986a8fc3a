// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.namespace;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An interface whose methods read and write the attributes of a namespace. All is worked out when the view is made. */
final class NamespaceView implements InvocationHandler {
    private final SharedNamespace namespace;
    private final Class<?> type;
    private final Map<Method, Access> accesses = new HashMap<>();
    private final Map<Method, MethodHandle> defaults = new HashMap<>();

    /** What a method does with which attribute. */
    private record Access(String name, boolean writes, Codec<@Nullable Object> codec) {}

    private NamespaceView(SharedNamespace namespace, Class<?> type, StandardCodec codec) {
        this.namespace = namespace;
        this.type = type;
        for (Method method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
                accesses.put(method, access(method, codec));
            } else if (method.isDefault()) {
                defaults.put(method, body(method));
            }
        }
    }

    static <T> T of(SharedNamespace namespace, Class<T> type, StandardCodec codec) {
        if (!type.isInterface() || type.isAnnotation()) {
            throw new IllegalArgumentException(type.getName() + " is no interface: only of those a view can be made");
        }
        NamespaceView view = new NamespaceView(namespace, type, codec);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, view));
    }

    /** What the interface itself says that the method does; it need not be public for that. */
    private static MethodHandle body(Method method) {
        Class<?> declaring = method.getDeclaringClass();
        try {
            return MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
                    .unreflectSpecial(method, declaring);
        } catch (IllegalAccessException e) {
            throw unfit(method, "cannot be called from here: its module must open its package", e);
        }
    }

    private static Access access(Method method, StandardCodec codec) {
        boolean reads = method.getParameterCount() == 0 && method.getReturnType() != void.class;
        boolean writes = method.getParameterCount() == 1 && method.getReturnType() == void.class;
        if (!reads && !writes) {
            throw unfit(method, "neither reads an attribute, T x(), nor writes one, void x(T)", null);
        }
        Type held = reads ? method.getGenericReturnType() : method.getGenericParameterTypes()[0];
        boolean primitive = (reads ? method.getReturnType() : method.getParameterTypes()[0]).isPrimitive();
        try {
            Codec<Object> typed = codec.typed(held);
            String name = NamespaceCalls.checked(attribute(method, writes));
            return new Access(name, writes, primitive ? notNull(typed) : Codec.nullable(typed));
        } catch (IllegalArgumentException e) {
            throw unfit(method, "cannot be an attribute: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked") // a primitive is never null, and null is refused by its codec
    private static Codec<@Nullable Object> notNull(Codec<Object> codec) {
        return (Codec<@Nullable Object>) (Codec<?>) codec;
    }

    private static IllegalArgumentException unfit(Method method, String why, @Nullable Exception cause) {
        return new IllegalArgumentException("The method " + method.toGenericString() + " " + why, cause);
    }

    /** {@code x} for {@code x}, {@code getX}, {@code isX} and {@code setX}. */
    private static String attribute(Method method, boolean writes) {
        String name = method.getName();
        if (writes) {
            return without("set", name);
        }
        Class<?> type = method.getReturnType();
        boolean asks = type == boolean.class || type == Boolean.class;
        return asks && name.startsWith("is") ? without("is", name) : without("get", name);
    }

    private static String without(String prefix, String name) {
        if (!name.startsWith(prefix)
                || name.length() == prefix.length()
                || !Character.isUpperCase(name.charAt(prefix.length()))) {
            return name;
        }
        return Character.toLowerCase(name.charAt(prefix.length())) + name.substring(prefix.length() + 1);
    }

    private static boolean isOfObject(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        Access access = accesses.get(method);
        if (access != null && access.writes() && arguments != null) {
            namespace.set(access.name(), arguments[0], access.codec());
            return null;
        }
        if (access != null) {
            return namespace.get(access.name(), access.codec());
        }
        MethodHandle body = defaults.get(method);
        if (body != null) {
            return body.bindTo(proxy).invokeWithArguments(arguments == null ? List.of() : Arrays.asList(arguments));
        }
        return switch (method.getName()) {
            case "equals" -> arguments != null && isEqual(arguments[0]);
            case "hashCode" -> type.hashCode() ^ Long.hashCode(namespace.id());
            default -> type.getSimpleName() + " of " + namespace;
        };
    }

    private boolean isEqual(@Nullable Object other) {
        return other != null
                && Proxy.isProxyClass(other.getClass())
                && Proxy.getInvocationHandler(other) instanceof NamespaceView view
                && view.type == type
                && view.namespace.id() == namespace.id();
    }
}
