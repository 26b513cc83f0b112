/** Bookkeeping that must balance: what came in is what went out, each side counted from durable output. */
@org.jspecify.annotations.NullMarked
package dev.tidewheel.history.books;
