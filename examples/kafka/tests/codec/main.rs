//! What every codec must do with requests, and both sides of a connection.

mod sides;

meshwire_testing::conformance!(kafka::Kafka, "vectors");
