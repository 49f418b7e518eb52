/// The deliveries of several queues.
struct DeliveryBuffers: Sendable {
    private var buffers: [String: DeliveryBuffer] = [:]

    /// Adds a delivery to those of its queue.
    mutating func append(_ delivery: AMQPDelivery) {
        buffers[delivery.queue, default: DeliveryBuffer()].append(delivery)
    }

    /// Removes and returns up to `max` deliveries of a queue, oldest first.
    mutating func take(_ max: Int, of queue: String) -> [AMQPDelivery] {
        buffers[queue]?.take(max) ?? []
    }

    /// Removes and returns up to `max` deliveries, one of each queue in turn, so that a full queue does not hold up the
    /// others.
    mutating func takeInTurn(_ max: Int) -> [AMQPDelivery] {
        var taken: [AMQPDelivery] = []
        var waiting = buffers.keys.sorted()
        while taken.count < max, !waiting.isEmpty {
            waiting = waiting.filter { queue in
                guard taken.count < max else {
                    return false
                }
                let next = take(1, of: queue)
                taken += next
                return !next.isEmpty
            }
        }
        return taken
    }
}
