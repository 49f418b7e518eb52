import CRabbitMQ

extension AMQPConnection {
    /// Acknowledges deliveries of this connection. Those that are settled are skipped.
    func acknowledge(_ tags: [UInt64]) {
        for frame in coalescer.acknowledge(tags) {
            write("basic.ack") { amqp_basic_ack($0, Self.channel, frame.tag, frame.multiple ? 1 : 0) }
        }
        drain()
    }

    /// Rejects a delivery of this connection, unless it is settled.
    func reject(_ tag: UInt64, requeue: Bool) {
        if coalescer.reject(tag) {
            write("basic.reject") { amqp_basic_reject($0, Self.channel, tag, requeue ? 1 : 0) }
        }
        drain()
    }

    private func write(_ name: String, _ body: (amqp_connection_state_t) -> Int32) {
        do throws(AMQPError) {
            let status = try withHandle(body)
            if status != AMQP_STATUS_OK.rawValue {
                throw error(ofStatus: status, in: name)
            }
        } catch {
            // The broker delivers again what it did not hear of.
            fail(error)
        }
    }
}
