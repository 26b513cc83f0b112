package dev.tidewheel.feature.aggregate;

import dev.tidewheel.feature.bytes.ByteReader;
import dev.tidewheel.feature.bytes.ByteWriter;
import java.util.Arrays;

/**
 * The registers of a HyperLogLog.<sup>1</sup> The first p bits of a hash name one of 2<sup>p</sup> registers, which keeps
 * the greatest rank seen: one more than the zeros that the other bits begin with. The greatest of many does not depend on
 * their order, so equal sets have equal registers. The estimate is Ertl's improved one (algorithm 6 of ²): no tables, no
 * thresholds between ranges, a relative standard error of 1.04/√2<sup>p</sup>.
 *
 * <p>Few registers are held as a sorted list, many as an array; which of the two, and the bytes, depend on how many are
 * not 0 alone. Mutable, not thread-safe.
 *
 * <p><sup>1</sup> Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation
 * algorithm", 2007. ² Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017,
 * <a href="https://arxiv.org/abs/1702.01284">arXiv:1702.01284</a>.
 */
final class Registers {
    private static final int RANK_BITS = 6;
    private static final int RANK_MASK = (1 << RANK_BITS) - 1;
    private static final int[] NONE = {};

    private final int precision;
    private final int sparseLimit;
    private int[] sparse = NONE; // register << 6 | rank, ascending
    private int size; // how many are not 0
    private byte @org.jspecify.annotations.Nullable [] dense;

    Registers(int precision) {
        this.precision = precision;
        this.sparseLimit = Math.max(4, (1 << precision) / 8);
    }

    void add(long hash) {
        int register = (int) (hash >>> (Long.SIZE - precision));
        long rest = hash << precision | 1L << (precision - 1); // The bit ends the zeros.
        raise(register, Long.numberOfLeadingZeros(rest) + 1);
    }

    void merge(Registers other) {
        if (other.dense != null) {
            for (int register = 0; register < other.dense.length; register++) {
                if (other.dense[register] != 0) {
                    raise(register, other.dense[register]);
                }
            }
        } else if (dense == null && size == 0) {
            sparse = Arrays.copyOf(other.sparse, other.size);
            size = other.size;
        } else {
            for (int i = 0; i < other.size; i++) {
                raise(other.sparse[i] >> RANK_BITS, other.sparse[i] & RANK_MASK);
            }
        }
    }

    private void raise(int register, int rank) {
        if (dense == null) {
            raiseSparse(register, rank);
        } else if (rank > dense[register]) {
            size += dense[register] == 0 ? 1 : 0;
            dense[register] = (byte) rank;
        }
    }

    private void raiseSparse(int register, int rank) {
        int at = position(register);
        if (at < size && sparse[at] >> RANK_BITS == register) {
            sparse[at] = register << RANK_BITS | Math.max(rank, sparse[at] & RANK_MASK);
        } else if (size == sparseLimit) {
            dense = toDense();
            raise(register, rank);
        } else {
            if (size == sparse.length) {
                sparse = Arrays.copyOf(sparse, Math.max(4, size * 2));
            }
            System.arraycopy(sparse, at, sparse, at + 1, size - at);
            sparse[at] = register << RANK_BITS | rank;
            size++;
        }
    }

    private int position(int register) {
        int at = Arrays.binarySearch(sparse, 0, size, register << RANK_BITS);
        return at < 0 ? ~at : at;
    }

    private byte[] toDense() {
        byte[] ranks = new byte[1 << precision];
        for (int i = 0; i < size; i++) {
            ranks[sparse[i] >> RANK_BITS] = (byte) (sparse[i] & RANK_MASK);
        }
        sparse = NONE;
        return ranks;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** How many different hashes were added, about. */
    long estimate() {
        int m = 1 << precision;
        int greatest = Long.SIZE - precision + 1;
        int[] withRank = ranks(m, greatest);
        double z = m * tau(1 - (double) withRank[greatest] / m);
        for (int rank = greatest - 1; rank >= 1; rank--) {
            z = 0.5 * (z + withRank[rank]);
        }
        z += m * sigma((double) withRank[0] / m);
        return Math.round((double) m * m / (2 * StrictMath.log(2) * z));
    }

    private int[] ranks(int m, int greatest) {
        int[] withRank = new int[greatest + 1];
        withRank[0] = m - size;
        if (dense == null) {
            for (int i = 0; i < size; i++) {
                withRank[sparse[i] & RANK_MASK]++;
            }
        } else {
            for (byte rank : dense) {
                withRank[rank] += rank == 0 ? 0 : 1;
            }
        }
        return withRank;
    }

    /** x + Σ x^(2^k) · 2^(k − 1) over k ≥ 1; infinite at 1, where every register is 0. */
    private static double sigma(double x) {
        if (x == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = x;
        double factor = 1;
        double sum = x;
        double before;
        do {
            power *= power;
            before = sum;
            sum += power * factor;
            factor += factor;
        } while (sum != before);
        return sum;
    }

    /** (1 − x − Σ (1 − x^(2^−k))² · 2^−k over k ≥ 1) / 3. */
    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double factor = 1;
        double sum = 1 - x;
        double before;
        do {
            root = Math.sqrt(root);
            before = sum;
            factor *= 0.5;
            sum -= (1 - root) * (1 - root) * factor;
        } while (sum != before);
        return sum / 3;
    }

    /** How many are not 0; if few, each as gap and rank; else all, in 6 bits each. */
    void encode(ByteWriter out) {
        out.writeUnsigned(size);
        if (dense == null) {
            int previous = 0;
            for (int i = 0; i < size; i++) {
                int register = sparse[i] >> RANK_BITS;
                out.writeUnsigned((long) (register - previous) << RANK_BITS | (sparse[i] & RANK_MASK));
                previous = register;
            }
        } else {
            for (int at = 0; at < dense.length; at += 4) {
                int word = dense[at] << 18 | dense[at + 1] << 12 | dense[at + 2] << 6 | dense[at + 3];
                out.writeByte(word >> 16);
                out.writeByte(word >> 8);
                out.writeByte(word);
            }
        }
    }

    void decode(ByteReader in) {
        long count = in.readUnsigned();
        if (count < 0 || count > 1 << precision) {
            throw new IllegalArgumentException("of " + (1 << precision) + " registers " + count + " are not 0");
        }
        if (count <= sparseLimit) {
            decodeSparse((int) count, in);
        } else {
            decodeDense((int) count, in);
        }
    }

    private void decodeSparse(int count, ByteReader in) {
        sparse = new int[count];
        long register = 0;
        for (int i = 0; i < count; i++) {
            long word = in.readUnsigned();
            register += word >>> RANK_BITS;
            boolean ascends = i == 0 || word >>> RANK_BITS != 0;
            if (!ascends || register >= 1 << precision || !isRank((int) word & RANK_MASK)) {
                throw new IllegalArgumentException("no register " + register + " of rank " + (word & RANK_MASK));
            }
            sparse[i] = (int) register << RANK_BITS | (int) word & RANK_MASK;
        }
        size = count;
    }

    private void decodeDense(int count, ByteReader in) {
        byte[] ranks = new byte[1 << precision];
        for (int at = 0; at < ranks.length; at += 4) {
            int word = in.readByte() << 16 | in.readByte() << 8 | in.readByte();
            for (int i = 0; i < 4; i++) {
                int rank = word >> (18 - 6 * i) & RANK_MASK;
                size += rank == 0 ? 0 : 1;
                if (rank != 0 && !isRank(rank)) {
                    throw new IllegalArgumentException("no register has rank " + rank);
                }
                ranks[at + i] = (byte) rank;
            }
        }
        if (size != count) {
            throw new IllegalArgumentException(size + " registers are not 0, not " + count);
        }
        dense = ranks;
    }

    private boolean isRank(int rank) {
        return rank >= 1 && rank <= Long.SIZE - precision + 1;
    }
}
