// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lists in a world. They grow to some hundreds of elements, so that their trees do. */
public final class ListRoom implements Room {
    private static final int MOST_REFERENCES = 100;
    private static final int LARGE = 500;

    private static final List<Value> PLAIN = Stream.of(
                    "0", "1", "2", "7", "-3", "1.0", "'a'", "'1'", "null", "true", "{'a':1,'b':2}", "{'b':2,'a':1}")
            .map(Texts::value)
            .toList();

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        return ListWords.PARAMETERS;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new ListModel(id, parameters);
    }

    static Value plain(Dice dice) {
        return dice.pick(PLAIN);
    }

    /** An index that is there, more often than not. */
    static long index(Dice dice, int size) {
        return dice.oneIn(12) ? dice.between(-size - 3, size + 3) : dice.between(-size, Math.max(0, size - 1));
    }

    static Slice slice(Dice dice, int size) {
        Slice.Builder slice = Slice.newBuilder();
        if (!dice.oneIn(4)) {
            slice.setStart(index(dice, size));
        }
        if (!dice.oneIn(4)) {
            slice.setStop(index(dice, size));
        }
        if (dice.oneIn(2)) {
            slice.setStep(dice.between(-4, 4));
        }
        return slice.build();
    }

    /** Every third list has integers, and almost nothing else: it can be sorted. */
    private static Value value(Dice dice, long object, Realm realm) {
        if (object % 3 == 0 && !dice.oneIn(300)) {
            return Texts.integer(dice.below(20));
        }
        return switch (dice.below(40)) {
            case 0, 1 -> Texts.reference(new ObjectId(realm.liveObject(dice)));
            case 2 ->
                Texts.value("[1,2]").toBuilder()
                        .setList(Texts.value("[1]").getList().toBuilder()
                                .addElements(Texts.reference(new ObjectId(realm.liveObject(dice)))))
                        .build();
            case 3 -> dice.oneIn(40) ? Texts.value("?") : plain(dice);
            default -> dice.oneIn(2) ? plain(dice) : Texts.integer(dice.below(30));
        };
    }

    private static List<Value> values(Dice dice, int count, long object, Realm realm) {
        return IntStream.range(0, count)
                .mapToObj(i -> value(dice, object, realm))
                .toList();
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        PythonList list = realm.object(object) instanceof ListModel model ? model.elements : new PythonList();
        ListCommand.Builder command = operation(dice, object, list, realm);
        if (dice.oneIn(15)) {
            command.setIfVersion(dice.below(2_000));
        }
        return ListWords.of(new ObjectId(object), command);
    }

    /** Commands that touch all elements, one behind the other, and some that bring references between them. */
    @Override
    public List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        PythonList list = realm.object(object) instanceof ListModel model ? model.elements : new PythonList();
        List<ListCommand.Builder> crowd = new ArrayList<>();
        if (list.all.size() < LARGE / 2) {
            crowd.add(ListWords.extend(values(dice, 90, object, realm)));
        }
        for (int i = dice.between(3, 12); i > 0; i--) {
            crowd.add(large(dice, object, realm));
        }
        return crowd.stream()
                .map(command -> ListWords.of(new ObjectId(object), command))
                .toList();
    }

    private static ListCommand.Builder large(Dice dice, long object, Realm realm) {
        return switch (dice.below(8)) {
            case 0, 1 -> ListWords.reverse();
            case 2, 3 -> ListWords.sort(dice.oneIn(2));
            case 4 -> ListWords.remove(dice.oneIn(2) ? plain(dice) : Texts.integer(dice.below(30)));
            case 5 -> ListWords.delete(ListWords.slice("::" + dice.between(3, 9)));
            case 6 -> ListWords.put(ListWords.slice("2:-2"), values(dice, 80, object, realm));
            default -> ListWords.extend(List.of(Texts.reference(new ObjectId(realm.liveObject(dice)))));
        };
    }

    private static ListCommand.Builder operation(Dice dice, long object, PythonList list, Realm realm) {
        int size = list.all.size();
        int many = size < LARGE ? dice.oneIn(6) ? 90 : 4 : 1;
        Value value = value(dice, object, realm);
        return switch (dice.below(30)) {
            case 0, 1, 2, 3, 4 -> ListWords.extend(values(dice, dice.below(many + 1), object, realm));
            case 5, 6, 7, 8 ->
                ListWords.insert(index(dice, size), values(dice, dice.between(1, many), object, realm), dice.oneIn(2));
            case 9, 10, 11 -> ListWords.set(index(dice, size), List.of(value));
            case 12 -> ListWords.set(index(dice, size), List.of(value, plain(dice)));
            case 13, 14, 15, 16 -> ListWords.pop(dice.oneIn(4) ? null : index(dice, size), List.of());
            case 17 -> ListWords.pop(index(dice, size), List.of(plain(dice)));
            case 18 -> ListWords.remove(value);
            case 19, 20 -> {
                Slice slice = slice(dice, size);
                boolean fits = slice.getStep() != 0 && !dice.oneIn(5);
                int count = fits ? list.places(slice).size() : dice.below(many + 1);
                yield ListWords.put(slice, values(dice, Math.min(count, 120), object, realm));
            }
            case 21, 22, 23 -> ListWords.delete(slice(dice, size));
            case 24 -> ListWords.repeat(mayRepeat(list) ? dice.between(-1, 4) : dice.below(2));
            case 25 -> ListWords.reverse();
            case 26 -> ListWords.sort(dice.oneIn(2));
            case 27 -> ListWords.arrange(order(dice, dice.oneIn(5) ? size + 1 : size));
            case 28 -> ListWords.keep(dice.oneIn(8) ? List.of(1) : bits(dice, size));
            default ->
                dice.oneIn(6)
                        ? ListWords.clear()
                        : dice.oneIn(9) ? ListCommand.newBuilder() : ListWords.pop(0L, List.of());
        };
    }

    /** What goes must be swept with the entry that it goes with, and each reference in it counts as a row of the sweep. */
    private static boolean mayRepeat(PythonList list) {
        return list.all.size() < LARGE / 2 && ListModel.references(list.all).size() < MOST_REFERENCES / 4;
    }

    private static List<Integer> order(Dice dice, int size) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(order, new Random(dice.below(1_000)));
        return order;
    }

    private static List<Integer> bits(Dice dice, int size) {
        return IntStream.range(0, size).mapToObj(i -> dice.oneIn(8) ? 0 : 1).toList();
    }
}
