// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ListArrange;
import io.holdfast.protocol.v1.ListClear;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListDeleteSlice;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListKeep;
import io.holdfast.protocol.v1.ListParameters;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListRemove;
import io.holdfast.protocol.v1.ListRepeat;
import io.holdfast.protocol.v1.ListReverse;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.ListSort;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * {@code open L list}, {@code list.extend L v…}, {@code list.insert L i v…}, {@code list.add L i v…} (exactly there),
 * {@code list.set L i v [expected]}, {@code list.pop L [i [expected]]}, {@code list.remove L v}, {@code list.put L 1:5:2
 * v…}, {@code list.delete L 1:5:2}, {@code list.repeat L n}, {@code list.reverse L}, {@code list.sort L [desc]}, {@code
 * list.arrange L 2,0,1}, {@code list.keep L 1,0,1}, {@code list.clear L}. Replies: {@code done} or {@code not}, then
 * the element that was there.
 */
public final class ListWords implements Words {
    public static final Parameters PARAMETERS =
            Parameters.newBuilder().setList(ListParameters.newBuilder()).build();

    @Override
    public Parameters parameters(Script script, List<String> words) {
        return PARAMETERS;
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return of(
                object,
                switch (verb) {
                    case "extend" -> extend(values(script, words));
                    case "insert" -> insert(number(words), values(script, rest(words)), false);
                    case "add" -> insert(number(words), values(script, rest(words)), true);
                    case "set" -> set(number(words), values(script, rest(words)));
                    case "pop" -> pop(words.isEmpty() ? null : number(words), values(script, rest(words)));
                    case "remove" -> remove(script.value(words.get(0)));
                    case "put" -> put(slice(words.get(0)), values(script, rest(words)));
                    case "delete" -> delete(slice(words.get(0)));
                    case "repeat" -> repeat(number(words));
                    case "reverse" -> reverse();
                    case "sort" -> sort(words.contains("desc"));
                    case "arrange" -> arrange(numbers(words.get(0)));
                    case "keep" -> keep(numbers(words.get(0)));
                    case "clear" -> clear();
                    default -> throw new IllegalArgumentException(verb);
                });
    }

    private static List<Value> values(Script script, List<String> words) {
        return words.stream().map(script::value).toList();
    }

    private static List<String> rest(List<String> words) {
        return words.isEmpty() ? words : words.subList(1, words.size());
    }

    private static long number(List<String> words) {
        return Long.parseLong(words.get(0));
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::parseInt).toList();
    }

    @Override
    public String reply(Script script, Reply reply) {
        String done = reply.getList().getDone() ? "done" : "not";
        return reply.getList().hasValue()
                ? done + " " + script.tell(reply.getList().getValue())
                : done;
    }

    /** The slice that is written as in Python: {@code 1:5:2}, {@code ::-1}. */
    public static Slice slice(String text) {
        String[] parts = text.split(":", -1);
        Slice.Builder slice = Slice.newBuilder();
        if (!parts[0].isEmpty()) {
            slice.setStart(Long.parseLong(parts[0]));
        }
        if (!parts[1].isEmpty()) {
            slice.setStop(Long.parseLong(parts[1]));
        }
        if (parts.length > 2 && !parts[2].isEmpty()) {
            slice.setStep(Long.parseLong(parts[2]));
        }
        return slice.build();
    }

    public static ListCommand.Builder extend(List<Value> values) {
        return ListCommand.newBuilder().setExtend(ListExtend.newBuilder().addAllValues(values));
    }

    public static ListCommand.Builder insert(long index, List<Value> values, boolean exact) {
        return ListCommand.newBuilder()
                .setInsert(ListInsert.newBuilder()
                        .setIndex(index)
                        .addAllValues(values)
                        .setExact(exact));
    }

    /** {@code values}: the new one and, perhaps, the expected one. */
    public static ListCommand.Builder set(long index, List<Value> values) {
        ListSet.Builder set = ListSet.newBuilder().setIndex(index).setValue(values.get(0));
        values.stream().skip(1).forEach(set::setExpected);
        return ListCommand.newBuilder().setSet(set);
    }

    public static ListCommand.Builder pop(Long index, List<Value> expected) {
        ListPop.Builder pop = ListPop.newBuilder();
        if (index != null) {
            pop.setIndex(index);
        }
        expected.forEach(pop::setExpected);
        return ListCommand.newBuilder().setPop(pop);
    }

    public static ListCommand.Builder remove(Value value) {
        return ListCommand.newBuilder().setRemove(ListRemove.newBuilder().setValue(value));
    }

    public static ListCommand.Builder put(Slice slice, List<Value> values) {
        return ListCommand.newBuilder()
                .setSetSlice(ListSetSlice.newBuilder().setSlice(slice).addAllValues(values));
    }

    public static ListCommand.Builder delete(Slice slice) {
        return ListCommand.newBuilder()
                .setDeleteSlice(ListDeleteSlice.newBuilder().setSlice(slice));
    }

    public static ListCommand.Builder repeat(long times) {
        return ListCommand.newBuilder().setRepeat(ListRepeat.newBuilder().setTimes(times));
    }

    public static ListCommand.Builder reverse() {
        return ListCommand.newBuilder().setReverse(ListReverse.getDefaultInstance());
    }

    public static ListCommand.Builder sort(boolean descending) {
        return ListCommand.newBuilder().setSort(ListSort.newBuilder().setDescending(descending));
    }

    public static ListCommand.Builder arrange(List<Integer> order) {
        return ListCommand.newBuilder().setArrange(ListArrange.newBuilder().addAllOrder(order));
    }

    /** {@code kept}: a 1 for an element that stays, a 0 for one that goes. */
    public static ListCommand.Builder keep(List<Integer> kept) {
        BitSet bits = new BitSet();
        for (int i = 0; i < kept.size(); i++) {
            bits.set(i, kept.get(i) == 1);
        }
        byte[] bytes = Arrays.copyOf(bits.toByteArray(), (kept.size() + 7) / 8);
        return ListCommand.newBuilder().setKeep(ListKeep.newBuilder().setKept(ByteString.copyFrom(bytes)));
    }

    public static ListCommand.Builder clear() {
        return ListCommand.newBuilder().setClear(ListClear.getDefaultInstance());
    }

    public static Command.Builder of(ObjectId list, ListCommand.Builder command) {
        return Command.newBuilder().setList(command.setObject(list.value()));
    }
}
