package dev.tidewheel.definitions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of definitions that a test writes: the bike rides of the broken corpus, whole. */
final class Folder {
    static final String SOURCE = """
            apiVersion: tidewheel.dev/v1
            kind: Source
            metadata:
              name: rides
            spec:
              kafka: {topic: rides, format: avro}
              schema: ride.avsc
              eventTime: start
              eventId: id
              horizon: 1d
            """;
    static final String SCHEMA = """
            {"type": "record", "name": "Ride", "fields": [
            \t{"name": "id", "type": "string"},
            \t{"name": "start", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            \t{"name": "station", "type": "int"},
            \t{"name": "weather", "type": {"type": "enum", "name": "Weather", "symbols": ["SUN", "RAIN"]}},
            \t{"name": "forecast", "type": ["null", "Weather"], "default": null},
            \t{"name": "minutes", "type": ["double", "null"]},
            \t{"name": "photo", "type": "bytes"},
            \t{"name": "day", "type": {"type": "int", "logicalType": "date"}},
            \t{"name": "member", "type": {"type": "boolean"}}
            ]}
            """;
    static final String VIEW = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureView
            metadata:
              name: stations
            spec:
              source: rides
              entity: [station]
              where: member
              columns:
                - {name: seconds, expression: 'minutes * 60.0'}
              features:
                - {name: rides, aggregate: count, windows: [60m, lifetime]}
                - {name: seconds, aggregate: sum, of: seconds, where: "weather == 'SUN'", windows: [24h], resolution: 30m}
                - {name: worst, aggregate: quantile, of: minutes, windows: [24h], parameters: {q: 0.9}}
              headSpan: 5s
              headEntries: 8
            tests:
              - name: a member's ride
                events:
                  - {id: a, start: 2001-01-01T08:00:00Z, station: 7, weather: SUN, minutes: 2, member: true}
                  - {id: b, start: 2001-01-01T08:01:00Z, _timestamp: 2001-01-01T08:30:00Z, station: 7, weather: RAIN, minutes: 4, member: true}
                  - {id: c, start: 2001-01-01T08:02:00Z, station: 7, minutes: 8, member: false}
                expect:
                  - {key: {station: 7}, at: 2001-01-01T08:10:00Z, values: {rides_60m: 1, seconds_24h: 120, rides: 1}}
                  - {key: {station: '+7'}, at: 2001-01-01T08:30:00Z, values: {rides_60m: 2, seconds_24h: 120.0}}
            """;
    static final String SERVICE = """
            apiVersion: tidewheel.dev/v1
            kind: FeatureService
            metadata:
              name: start
            spec:
              entities: [stop]
              request:
                - {name: hour, type: int64}
              views:
                - {view: stations, features: [rides_60m, rides], keys: {station: stop}}
              onDemand:
                - {name: share, expression: 'stations.rides == 0 ? 0.0 : double(stations.rides_60m) / double(stations.rides)'}
            """;
    static final String MODEL = """
            apiVersion: tidewheel.dev/v1
            kind: Model
            metadata:
              name: long-ride
            spec:
              service: start
              questions:
                source: rides
                at: start
                entities: {stop: station}
                request:
                  - {name: hour, expression: 'start.getHours()'}
              label: {name: long, expression: 'minutes > 30.0'}
              training: {from: 2001-01-01T00:00:00Z, to: 2001-02-01T00:00:00Z}
            """;

    private final Path path;

    private Folder(Path path) {
        this.path = path;
    }

    /** All of it in one file, but for the schema. */
    static Folder at(Path path) {
        return new Folder(path)
                .with("ride.avsc", SCHEMA)
                .with("all.yaml", String.join("---\n", MODEL, SERVICE, VIEW, SOURCE));
    }

    Folder with(String file, String text) {
        try {
            Files.writeString(path.resolve(file), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One text in the definitions for another. */
    Folder changed(String from, String to) {
        try {
            String text = Files.readString(path.resolve("all.yaml"));
            if (!text.contains(from)) {
                throw new IllegalArgumentException("not there: " + from);
            }
            return with("all.yaml", text.replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Definitions load() {
        return Definitions.load(path);
    }
}
