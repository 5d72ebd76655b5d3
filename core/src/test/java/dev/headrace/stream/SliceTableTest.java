package dev.headrace.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SliceTableTest {

    @Test
    void isLikeAListThatIsCopiedOnWrite() {
        Random random = new Random(1);
        List<SliceProgress> list = new ArrayList<>();
        SliceTable table = SliceTable.EMPTY;
        List<SliceTable> tables = new ArrayList<>();
        List<List<SliceProgress>> lists = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            SliceProgress progress = progress(step);
            int number = random.nextInt(3) == 0 && !list.isEmpty() ? random.nextInt(list.size()) : list.size();
            table = table.with(number, progress);
            if (number == list.size()) {
                list.add(progress);
            } else {
                list.set(number, progress);
            }
            if (step % 500 == 0) {
                tables.add(table);
                lists.add(List.copyOf(list));
            }
        }
        tables.add(table);
        lists.add(list);

        for (int version = 0; version < tables.size(); version++) {
            assertThat(elements(tables.get(version))).isEqualTo(lists.get(version));
            assertThat(tables.get(version).size()).isEqualTo(lists.get(version).size());
        }
    }

    @Test
    void growsAtTheEdgesOfItsNodes() {
        SliceTable table = SliceTable.EMPTY;
        for (int number = 0; number <= 32 * 32 * 2; number++) {
            table = table.with(number, progress(number));
            assertThat(table.size()).isEqualTo(number + 1);
            assertThat(table.get(0)).isEqualTo(progress(0));
            assertThat(table.get(number)).isEqualTo(progress(number));
        }
        assertThat(elements(table)).hasSize(32 * 32 * 2 + 1);
    }

    @Test
    void hasNothingBesideItsElements() {
        SliceTable one = SliceTable.EMPTY.with(0, progress(0));

        assertThatThrownBy(() -> SliceTable.EMPTY.get(0))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("There is no slice 0 of 0");
        assertThatThrownBy(() -> one.get(1)).hasMessage("There is no slice 1 of 1");
        assertThatThrownBy(() -> one.get(-1)).hasMessage("There is no slice -1 of 1");
        assertThatThrownBy(() -> one.with(2, progress(2))).hasMessage("There is no place 2 among 1 slices");
        assertThat(SliceTable.EMPTY.size()).isZero();
    }

    private static SliceProgress progress(int number) {
        return new SliceProgress(
                Slice.EMPTY, new Position.Count(BigDecimal.valueOf(number)), null, false, List.of(), null);
    }

    private static List<SliceProgress> elements(SliceTable table) {
        List<SliceProgress> elements = new ArrayList<>();
        table.forEach(elements::add);
        return elements;
    }
}
