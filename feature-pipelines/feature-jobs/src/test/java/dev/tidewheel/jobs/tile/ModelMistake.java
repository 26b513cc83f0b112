package dev.tidewheel.jobs.tile;

/** What a writer or a store may do wrong, to see that the check would notice. */
enum ModelMistake {
    NONE,
    /** A version says how often a key was written. */
    COUNTS_EMISSIONS,
    /** A value takes the place of a stored one only with a greater version, not with an equal one. */
    REFUSES_EQUAL_VERSIONS,
    /** The last write wins. */
    IGNORES_VERSIONS,
    /** A head is written on whatever base is stored. */
    KEEPS_STORED_BASES,
    /** Nobody asks which store it is that answers. */
    TRUSTS_ANY_STORE,
    /** Values are called written when they are sent. */
    ACKNOWLEDGES_BEFORE_WRITING,
    /** Values are written before their cut can be looked up. */
    ANNOUNCES_LATE,
    /** What was erased can be written again. */
    FORGETS_TOMBSTONES,
    /** A barrier comes without a marker before it. */
    CHECKPOINTS_WITHOUT_MARKERS,
    /** After a restore the source begins behind what the states contain. */
    RESTORES_LATER_OFFSETS,
    /** What a record takes away and what it adds come one after the other, and a flush comes between them. */
    PARTS_A_RECORD,
    /** A row that is taken away counts once more. */
    ADDS_WHAT_IS_TAKEN_AWAY,
    /** A restored stage does not look for keys of erased entities. */
    KEEPS_WHAT_IS_ERASED,
    /** A restored stage looks for them only if its checkpoint knew of none. */
    TRUSTS_ANY_LIST,
    /** A reader hands on what is an erased entity's. */
    READS_WHAT_IS_ERASED
}
