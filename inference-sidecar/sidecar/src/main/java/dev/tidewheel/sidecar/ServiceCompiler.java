package dev.tidewheel.sidecar;

import dev.tidewheel.feature.service.ServicePlan;
import dev.tidewheel.records.Definition;
import java.util.Map;

final class ServiceCompiler {
    private ServiceCompiler() {}

    static ServicePlan compile(Map<String, Definition> definitions, String service) {
        throw new UnsupportedOperationException();
    }
}
