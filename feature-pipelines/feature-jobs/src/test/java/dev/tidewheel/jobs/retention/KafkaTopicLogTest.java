package dev.tidewheel.jobs.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewheel.definitions.Channels;
import dev.tidewheel.runtime.kafka.KafkaBrokerFixture;
import dev.tidewheel.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaTopicLogTest {
    @RegisterExtension
    static final KafkaBrokerFixture KAFKA = new KafkaBrokerFixture();

    @Test
    void theOldestAndTheNewestRecordAreTold() throws Exception {
        KAFKA.createTopic("kept", 2);
        try (Producer<byte[], byte[]> producer = KafkaClients.bytesProducer(KAFKA.config(), Duration.ofSeconds(30))) {
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>("kept", 1, null, new byte[] {1}))
                        .get();
            }
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrap()))) {
            admin.deleteRecords(Map.of(new TopicPartition("kept", 1), RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }
        TopicLog travelled = InstantiationUtil.clone(new KafkaTopicLog(KAFKA.config(), Channels.of("kept")));

        try (TopicLog.Looker looker = travelled.open()) {
            assertThat(looker.first(List.of(1))).isEqualTo(Map.of(1, 2L));
            assertThat(looker.look(List.of(0, 1)))
                    .isEqualTo(new TopicLog.Ends(Map.of(0, 0L, 1, 2L), Map.of(0, 0L, 1, 3L), Map.of(0, -1L, 1, -1L)));
        }
    }
}
