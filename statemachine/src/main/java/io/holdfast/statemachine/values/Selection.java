// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.values;

import io.holdfast.protocol.v1.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a sequence that a slice selects.
 *
 * @param first the index of the first one
 * @param step how far it is from each to the next; negative: backwards
 * @param count how many there are; if there are none, {@code first} is where they would be
 */
public record Selection(long first, long step, long count) {
    /** What is wrong with the slice, whatever it is a slice of; null: nothing. */
    public static @Nullable String problem(Slice slice) {
        return slice.hasStep() && slice.getStep() == 0 ? "the step of a slice cannot be 0" : null;
    }

    /** What the slice selects of a sequence of that length, as {@code slice.indices} of Python tells it. */
    public static Selection of(Slice slice, long length) {
        long step = slice.hasStep() ? Math.max(slice.getStep(), -Long.MAX_VALUE) : 1;
        boolean backwards = step < 0;
        long before = backwards ? -1 : 0; // where a bound stands that lies in front of all
        long behind = backwards ? length - 1 : length;
        long start = slice.hasStart() ? bound(slice.getStart(), length, before, behind) : backwards ? behind : before;
        long stop = slice.hasStop() ? bound(slice.getStop(), length, before, behind) : backwards ? before : behind;
        long distance = backwards ? start - stop : stop - start;
        return new Selection(start, step, distance <= 0 ? 0 : (distance - 1) / Math.abs(step) + 1);
    }

    private static long bound(long given, long length, long before, long behind) {
        long counted = given < 0 ? given + length : given;
        return Math.max(before, Math.min(behind, counted));
    }

    /** The index of the selected element at that place, from 0. */
    public long at(long place) {
        return first + place * step;
    }

    /** Returns the place, from 0, at which the selection has that index; -1 if it does not. */
    public long placeOf(long index) {
        long place = (index - first) / step;
        return place >= 0 && place < count && at(place) == index ? place : -1;
    }

    /** The least of their indexes. */
    public long lowest() {
        return step > 0 || count == 0 ? first : at(count - 1);
    }

    /** The index behind the greatest of theirs. */
    public long end() {
        return lowest() + span();
    }

    /** How many elements there are from the first selected one to the last. */
    public long span() {
        return count == 0 ? 0 : Math.abs(at(count - 1) - first) + 1;
    }

    /** The selected elements from that place on, at most so many, which span at most so many. */
    public Selection part(long place, long most, long span) {
        long within = (span - 1) / Math.abs(step) + 1;
        long left = place < 0 || place > count ? 0 : count - place;
        return new Selection(left == 0 ? first : at(place), step, Math.min(left, Math.min(most, within)));
    }
}
