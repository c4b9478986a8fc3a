// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jackson;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.holdfast.client.SharedObject;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** How JSON is written and read: equal values to equal bytes, and no class chosen by what is read. */
final class CanonicalJson {
    private CanonicalJson() {}

    static JsonMapper mapper() {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .addModule(new SimpleModule("holdfast")
                        .addSerializer(SharedObject.class, new SharedObjects())
                        .setSerializerModifier(new SortedSets()))
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // Annotations that choose a class by its Java name find every class forbidden.
                .polymorphicTypeValidator(
                        BasicPolymorphicTypeValidator.builder().build())
                .build();
    }

    /** Sets have no order of their own; written, they have one. */
    private static final class SortedSets extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonSerializer<?> modifyCollectionSerializer(
                SerializationConfig config,
                CollectionType type,
                BeanDescription description,
                JsonSerializer<?> serializer) {
            Class<?> raw = type.getRawClass();
            // The sets of enums are in the order of their constants.
            return Set.class.isAssignableFrom(raw) && !EnumSet.class.isAssignableFrom(raw)
                    ? new SortedSet(serializer)
                    : serializer;
        }
    }

    /** The cluster would not see a reference in JSON. */
    private static final class SharedObjects extends StdSerializer<SharedObject> {
        private static final long serialVersionUID = 1L;

        SharedObjects() {
            super(SharedObject.class);
        }

        @Override
        public void serialize(SharedObject object, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            provider.reportMappingProblem(
                    "%s would be hidden from the cluster, which may then reclaim it. Use a record"
                            + " and its typed codec: client.codec(type).",
                    object);
        }
    }
}
