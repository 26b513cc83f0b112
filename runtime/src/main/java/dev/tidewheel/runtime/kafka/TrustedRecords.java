package dev.tidewheel.runtime.kafka;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro build our records. Avro refuses to load classes that a schema names unless their package is trusted, by the
 * system property {@code org.apache.avro.SERIALIZABLE_PACKAGES} or, as here, in the process itself: the property is easily
 * forgotten for one of many processes.
 */
final class TrustedRecords {
    private static final String PACKAGE = "dev.tidewheel.records";

    private TrustedRecords() {}

    /** Adds our package to what is trusted already. Doing it again changes nothing. */
    static synchronized void install() {
        var before = ClassSecurityValidator.getGlobal();
        if (!(before instanceof Trusting)) {
            ClassSecurityValidator.setGlobal(new Trusting(before));
        }
    }

    private record Trusting(ClassSecurityValidator.ClassSecurityPredicate before)
            implements ClassSecurityValidator.ClassSecurityPredicate {
        @Override
        public boolean isTrusted(Class<?> type) {
            return type.getPackageName().equals(PACKAGE) || before.isTrusted(type);
        }

        @Override
        public void forbiddenClass(String className) {
            before.forbiddenClass(className);
        }
    }
}
