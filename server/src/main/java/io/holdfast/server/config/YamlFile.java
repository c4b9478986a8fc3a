// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a file of one YAML mapping, keeping the line of everything. */
final class YamlFile {
    /** How SnakeYAML tells where it was: the last one in a message is the place of the mistake. */
    private static final Pattern LINE = Pattern.compile("in '[^']*', line (\\d{1,9}), column");

    private final Path file;
    private final YAMLParser parser;

    private YamlFile(Path file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Yaml.Mapping read(Path file) {
        Place whole = new Place(file, 0, "");
        try (YAMLParser parser = new YAMLFactory().createParser(text(whole))) {
            return new YamlFile(file, parser).document();
        } catch (JsonProcessingException e) {
            String problem = String.valueOf(e.getOriginalMessage());
            throw new Place(file, lineIn(problem), "").mistake("this is not YAML: " + onOneLine(problem));
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(Place whole) throws IOException {
        if (!Files.exists(whole.file())) {
            throw whole.mistake("there is no such file; give the configuration's with --config FILE");
        }
        if (Files.isDirectory(whole.file())) {
            throw whole.mistake("this is a folder; give the configuration file in it with --config FILE");
        }
        if (!Files.isReadable(whole.file())) {
            throw whole.mistake("may not be read by this user; check its permissions");
        }
        try {
            return Files.readString(whole.file());
        } catch (CharacterCodingException e) {
            throw new ConfigException(whole.file() + ": is not UTF-8 text; save it as UTF-8", e);
        }
    }

    private Yaml.Mapping document() throws IOException {
        Place whole = new Place(file, 0, "");
        if (parser.nextToken() == null) {
            throw whole.mistake("the file is empty; conf/holdfast.yaml is an example");
        }
        if (!(value(whole) instanceof Yaml.Mapping mapping)) {
            throw whole.mistake("must be keys and values at its top, as in conf/holdfast.yaml");
        }
        if (parser.nextToken() != null) {
            throw new Place(file, line(), "").mistake("a second YAML document begins here; there may be only one");
        }
        return mapping;
    }

    private Yaml value(Place place) throws IOException {
        if (parser.isCurrentAlias()) {
            throw place.mistake("YAML aliases (*name) are not supported; write the value out");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(place);
            case START_ARRAY -> {
                parser.skipChildren();
                yield new Yaml.Sequence(place);
            }
            case VALUE_NULL -> new Yaml.Nothing(place);
            default -> new Yaml.Scalar(place, parser.getText());
        };
    }

    private Yaml.Mapping mapping(Place place) throws IOException {
        Map<String, Yaml> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            Place there = place.at(key, line());
            parser.nextToken();
            Yaml earlier = entries.put(key, value(there));
            if (earlier != null) {
                throw there.mistake(
                        "is set twice, first in line " + earlier.place().line() + "; keep one");
            }
        }
        return new Yaml.Mapping(place, entries);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Not the exception's location, which is that of the last part that could be read. */
    private static int lineIn(String message) {
        Matcher matcher = LINE.matcher(message);
        int line = 0;
        while (matcher.find()) {
            line = Integer.parseInt(matcher.group(1));
        }
        return line;
    }

    /** SnakeYAML says what is wrong in unindented lines, and shows where in indented ones. */
    private static String onOneLine(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .collect(Collectors.joining(", "));
    }
}
