// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gives a set's elements in the order of their JSON to the serializer that there is for it. */
final class SortedSet extends JsonSerializer<Collection<?>> implements ContextualSerializer {
    private final JsonSerializer<Object> delegate;

    @SuppressWarnings("unchecked") // what writes a set writes any collection
    SortedSet(JsonSerializer<?> delegate) {
        this.delegate = (JsonSerializer<Object>) delegate;
    }

    @Override
    public JsonSerializer<?> createContextual(SerializerProvider provider, @Nullable BeanProperty property)
            throws JsonMappingException {
        return new SortedSet(provider.handleSecondaryContextualization(delegate, property));
    }

    @Override
    public void serialize(Collection<?> set, JsonGenerator generator, SerializerProvider provider) throws IOException {
        delegate.serialize(sorted(set, generator), generator, provider);
    }

    @Override
    public void serializeWithType(
            Collection<?> set, JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
            throws IOException {
        delegate.serializeWithType(sorted(set, generator), generator, provider, type);
    }

    private static Collection<Object> sorted(Collection<?> set, JsonGenerator generator) throws IOException {
        ObjectMapper mapper = (ObjectMapper) generator.getCodec();
        Map<String, Object> sorted = new TreeMap<>();
        for (Object element : set) {
            sorted.put(mapper.writeValueAsString(element), element);
        }
        return sorted.values();
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Collection<?> set) {
        return set.isEmpty();
    }
}
