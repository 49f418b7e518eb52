/// Deliveries of one queue in the order of their arrival.
struct DeliveryBuffer: Sendable {
    private var deliveries: [AMQPDelivery] = []
    private var head = 0

    /// Adds a delivery at the end.
    mutating func append(_ delivery: AMQPDelivery) {
        deliveries.append(delivery)
    }

    /// Removes and returns up to `max` deliveries from the front.
    mutating func take(_ max: Int) -> [AMQPDelivery] {
        let end = Swift.min(deliveries.count, head + max)
        let taken = Array(deliveries[head..<end])
        head = end
        // Moving the rest forward only when it is the smaller part keeps the cost per delivery constant.
        if head * 2 >= deliveries.count {
            deliveries.removeFirst(head)
            head = 0
        }
        return taken
    }
}
