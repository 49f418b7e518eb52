import CRabbitMQ

/// Synchronous calls: each blocks the connection's queue until the broker answers, for at most the call timeout.
extension AMQPConnection {
    /// Declares exchanges, queues and bindings, in this order.
    func declare(_ topology: AMQPTopology) throws(AMQPError) {
        for exchange in topology.exchanges {
            let (name, kind, arguments) = (
                pool.bytes(exchange.name), pool.bytes(exchange.kind.rawValue), pool.table(exchange.arguments)
            )
            try call("exchange.declare \(exchange.name)") { handle in
                amqp_exchange_declare(
                    handle, Self.channel, name, kind, 0, exchange.durable ? 1 : 0, exchange.autoDelete ? 1 : 0,
                    exchange.isInternal ? 1 : 0, arguments) != nil
            }
        }
        for queue in topology.queuesInOrder {
            if queue.exclusive, !queue.name.isEmpty {
                exclusiveQueues.insert(queue.name)
            }
            let (name, arguments) = (pool.bytes(wireName(ofQueue: queue.name)), pool.table(queue.arguments))
            try call("queue.declare \(queue.name)") { handle in
                amqp_queue_declare(
                    handle, Self.channel, name, 0, queue.durable ? 1 : 0, queue.exclusive ? 1 : 0,
                    queue.autoDelete ? 1 : 0, arguments) != nil
            }
        }
        for binding in topology.bindings {
            try bind(binding)
        }
    }

    /// The name that the broker knows a queue by.
    private func wireName(ofQueue name: String) -> String {
        exclusiveQueues.contains(name) ? "\(name).\(epoch)" : name
    }

    /// Adds a binding.
    func bind(_ binding: AMQPBinding) throws(AMQPError) {
        let (exchange, key, arguments) = (
            pool.bytes(binding.exchange), pool.bytes(binding.routingKey), pool.table(binding.arguments)
        )
        switch binding.destination {
        case .queue(let name):
            let queue = pool.bytes(wireName(ofQueue: name))
            try call("queue.bind \(name)") { amqp_queue_bind($0, Self.channel, queue, exchange, key, arguments) != nil }
        case .exchange(let name):
            let target = pool.bytes(name)
            try call("exchange.bind \(name)") {
                amqp_exchange_bind($0, Self.channel, target, exchange, key, arguments) != nil
            }
        }
    }

    /// Removes a binding.
    func unbind(_ binding: AMQPBinding) throws(AMQPError) {
        let (exchange, key, arguments) = (
            pool.bytes(binding.exchange), pool.bytes(binding.routingKey), pool.table(binding.arguments)
        )
        switch binding.destination {
        case .queue(let name):
            let queue = pool.bytes(name)
            try call("queue.unbind \(name)") {
                amqp_queue_unbind($0, Self.channel, queue, exchange, key, arguments) != nil
            }
        case .exchange(let name):
            let target = pool.bytes(name)
            try call("exchange.unbind \(name)") {
                amqp_exchange_unbind($0, Self.channel, target, exchange, key, arguments) != nil
            }
        }
    }

    /// Asks for the state of a queue without changing it.
    func status(ofQueue name: String) throws(AMQPError) -> AMQPQueueStatus {
        let queue = pool.bytes(name)
        var status: AMQPQueueStatus?
        try call("queue.declare (passive) \(name)") { handle in
            status = amqp_queue_declare(handle, Self.channel, queue, 1, 0, 0, 0, amqp_empty_table).map {
                AMQPQueueStatus(
                    messageCount: Int($0.pointee.message_count), consumerCount: Int($0.pointee.consumer_count))
            }
            return status != nil
        }
        guard let status else {
            throw AMQPError(.protocolViolation, "queue.declare was answered without a status")
        }
        return status
    }

    /// Removes a queue and returns how many messages went with it.
    func delete(queue name: String, ifUnused: Bool, ifEmpty: Bool) throws(AMQPError) -> Int {
        let queue = pool.bytes(name)
        var count = 0
        try call("queue.delete \(name)") { handle in
            let reply = amqp_queue_delete(handle, Self.channel, queue, ifUnused ? 1 : 0, ifEmpty ? 1 : 0)
            count = reply.map { Int($0.pointee.message_count) } ?? 0
            return reply != nil
        }
        return count
    }

    /// Removes an exchange.
    func delete(exchange name: String, ifUnused: Bool) throws(AMQPError) {
        let exchange = pool.bytes(name)
        try call("exchange.delete \(name)") {
            amqp_exchange_delete($0, Self.channel, exchange, ifUnused ? 1 : 0) != nil
        }
    }

    /// Removes the messages of a queue that no consumer holds, and returns how many there were.
    func purge(queue name: String) throws(AMQPError) -> Int {
        let queue = pool.bytes(name)
        var count = 0
        try call("queue.purge \(name)") { handle in
            let reply = amqp_queue_purge(handle, Self.channel, queue)
            count = reply.map { Int($0.pointee.message_count) } ?? 0
            return reply != nil
        }
        return count
    }

    /// Switches publisher confirms on, for the life of the connection.
    func enableConfirms() throws(AMQPError) {
        guard !confirmsAreOn else {
            return
        }
        try call("confirm.select") { amqp_confirm_select($0, Self.channel) != nil }
        confirmsAreOn = true
    }

    /// Starts a consumer with its own prefetch.
    ///
    /// - Parameter noAcknowledgement: whether the broker regards a message as settled when it is sent.
    func consume(_ subscription: AMQPSubscription, noAcknowledgement: Bool = false) throws(AMQPError) {
        guard consumers[subscription.consumerTag] == nil else {
            throw AMQPError(
                .invalidConfiguration, "the consumer tag \(subscription.consumerTag) is in use on this connection")
        }
        if !noAcknowledgement {
            // With `global` off the limit holds for each consumer that is started after it (RabbitMQ, "Consumer
            // Prefetch"); quorum queues refuse the other kind.
            try call("basic.qos") { amqp_basic_qos($0, Self.channel, 0, subscription.prefetch, 0) != nil }
        }
        let (queue, tag, arguments) = (
            pool.bytes(wireName(ofQueue: subscription.queue)), pool.bytes(subscription.consumerTag),
            pool.table(subscription.arguments)
        )
        consumers[subscription.consumerTag] = Consumer(
            queue: subscription.queue, acknowledges: !noAcknowledgement)
        try call("basic.consume \(subscription.queue)") { handle in
            amqp_basic_consume(
                handle, Self.channel, queue, tag, 0, noAcknowledgement ? 1 : 0, subscription.exclusive ? 1 : 0,
                arguments) != nil
        }
    }

    /// Takes one message off a queue, to be settled by the caller, or `nil` if none is ready.
    func fetch(queue name: String) throws(AMQPError) -> AMQPFetchedMessage? {
        let queue = pool.bytes(name)
        var got: ContentAssembler.Method?
        try call("basic.get \(name)", drainingAfter: false) { handle in
            let reply = amqp_basic_get(handle, Self.channel, queue, 0)
            guard reply.reply_type == AMQP_RESPONSE_NORMAL else {
                return false
            }
            if reply.reply.id == AMQP_BASIC_GET_OK_METHOD, let decoded = reply.reply.decoded {
                let fields = decoded.load(as: amqp_basic_get_ok_t.self)
                got = .got(
                    deliveryTag: fields.delivery_tag, redelivered: fields.redelivered != 0,
                    exchange: String(fields.exchange), routingKey: String(fields.routing_key),
                    remaining: Int(fields.message_count))
            }
            return true
        }
        guard let got else {
            drain()
            return nil
        }
        do {
            // What the library parked while it waited came before the answer.
            try drainParkedFrames()
            try assembler.begin(got)
            fetched = nil
            while fetched == nil {
                try receiveFrame(within: configuration.callTimeout)
            }
        } catch {
            fail(error)
            throw error
        }
        drain()
        guard let message = fetched?.named(queue: name) else {
            throw AMQPError(.protocolViolation, "basic.get was answered without a message")
        }
        fetched = nil
        return message
    }

    /// Makes a synchronous call and reads the frames that the library parked while it waited for the answer: the
    /// socket does not become readable for them.
    ///
    /// - Parameter body: makes the call, and returns whether it succeeded. Arguments must come from ``pool``.
    func call(
        _ name: String, drainingAfter: Bool = true, _ body: (amqp_connection_state_t) -> Bool
    ) throws(AMQPError) {
        let isDone = try withHandle(limit: configuration.callTimeout + .seconds(1), body)
        pool.recycle()
        guard isDone else {
            let reply = try withHandle { amqp_get_rpc_reply($0) }
            let error = error(of: reply, in: name) ?? AMQPError(.connectionClosed, "\(name) failed")
            fail(error)
            throw vitals.intervention ?? error
        }
        vitals.received()
        if drainingAfter {
            drain()
        }
    }

    /// What a reply of the library means, or `nil` for success.
    func error(of reply: amqp_rpc_reply_t, in name: String) -> AMQPError? {
        switch reply.reply_type {
        case AMQP_RESPONSE_NORMAL:
            return nil
        case AMQP_RESPONSE_SERVER_EXCEPTION:
            return closeError(reply.reply, in: name) ?? AMQPError(.protocolViolation, "\(name): unexpected answer")
        case AMQP_RESPONSE_LIBRARY_EXCEPTION:
            return error(ofStatus: reply.library_error, in: name)
        default:
            return AMQPError(.connectionClosed, "\(name): the broker closed the socket")
        }
    }

    /// What a status of the library means.
    func error(ofStatus status: Int32, in name: String) -> AMQPError {
        let code: AMQPError.Code
        switch amqp_status_enum(rawValue: status) {
        case AMQP_STATUS_TIMEOUT, AMQP_STATUS_HEARTBEAT_TIMEOUT:
            code = .timedOut
        case AMQP_STATUS_BAD_AMQP_DATA, AMQP_STATUS_UNKNOWN_CLASS, AMQP_STATUS_UNKNOWN_METHOD,
            AMQP_STATUS_WRONG_METHOD, AMQP_STATUS_UNEXPECTED_STATE:
            code = .protocolViolation
        default:
            code = .connectionClosed
        }
        return AMQPError(code, "\(name): \(libraryMessage(status))")
    }

    /// The reply code and text of `channel.close` or `connection.close`, or `nil` for another method.
    func closeError(_ method: amqp_method_t, in name: String) -> AMQPError? {
        guard let decoded = method.decoded else {
            return nil
        }
        switch method.id {
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close = decoded.load(as: amqp_channel_close_t.self)
            return AMQPError(
                .channelClosed, "\(name): \(String(close.reply_text))", replyCode: close.reply_code)
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close = decoded.load(as: amqp_connection_close_t.self)
            return AMQPError(
                .connectionClosed, "\(name): \(String(close.reply_text))", replyCode: close.reply_code)
        default:
            return nil
        }
    }

    /// The library's own words for a status.
    func libraryMessage(_ status: Int32) -> String {
        amqp_error_string2(status).map { String(cString: $0) } ?? "status \(status)"
    }
}
