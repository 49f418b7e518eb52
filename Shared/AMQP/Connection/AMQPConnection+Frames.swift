import CRabbitMQ

/// Reading: frames come from the socket, or from where the library parked them, and go to the owner.
extension AMQPConnection {
    /// Reads everything that has arrived without waiting, and hands it on.
    func drain() {
        guard !isDraining else {
            return
        }
        isDraining = true
        defer { isDraining = false }
        // A limit keeps acknowledgements and publishes, which run on the same queue, from waiting behind a flood.
        let frameLimit = 1000
        for count in 1... {
            do throws(AMQPError) {
                guard try readFrame(waiting: .zero) else {
                    break
                }
            } catch {
                fail(error)
                return
            }
            if count == frameLimit {
                // The rest may be in the library's buffer, for which the socket does not become readable.
                submit { $0.drain() }
                break
            }
        }
        if let handle {
            amqp_maybe_release_buffers(handle)
        }
        handOver()
        vitals.setOldestUnconfirmed(isBlocked ? nil : confirms.oldestPublishedAt)
    }

    /// Reads the frames that the library parked, and no others.
    func drainParkedFrames() throws(AMQPError) {
        while try withHandle({ amqp_frames_enqueued($0) }) != 0 {
            _ = try readFrame(waiting: .zero)
        }
    }

    /// Reads one frame.
    ///
    /// - Throws: ``AMQPError/Code/timedOut`` if none comes in time.
    func receiveFrame(within timeout: Duration) throws(AMQPError) {
        guard try readFrame(waiting: timeout) else {
            throw AMQPError(.timedOut, "no frame came within \(timeout)")
        }
    }

    private func readFrame(waiting timeout: Duration) throws(AMQPError) -> Bool {
        var frame = amqp_frame_t()
        var wait = timeout.timeval
        let status = try withHandle(limit: timeout + configuration.heartbeat * 2) { handle in
            amqp_simple_wait_frame_noblock(handle, &frame, &wait)
        }
        switch amqp_status_enum(rawValue: status) {
        case AMQP_STATUS_OK:
            // Not only when the socket is readable: a long batch is read in between by the job that writes it.
            vitals.received()
            try receive(frame)
            return true
        case AMQP_STATUS_TIMEOUT:
            return false
        default:
            throw error(ofStatus: status, in: "reading")
        }
    }

    private func receive(_ frame: amqp_frame_t) throws(AMQPError) {
        guard frame.channel == Self.channel || frame.channel == 0 else {
            throw AMQPError(.protocolViolation, "a frame came for channel \(frame.channel), which is not open")
        }
        switch Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            try receive(frame.payload.method)
        case AMQP_FRAME_HEADER:
            guard let decoded = frame.payload.properties.decoded else {
                throw AMQPError(.protocolViolation, "a header frame has no properties")
            }
            let properties = AMQPProperties(decoded.load(as: amqp_basic_properties_t.self))
            if let content = try assembler.takeHeader(
                properties: properties, bodySize: frame.payload.properties.body_size)
            {
                try receive(content)
            }
        case AMQP_FRAME_BODY:
            let fragment = frame.payload.body_fragment
            let bytes = UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len)
            if let content = try assembler.takeBody(bytes) {
                try receive(content)
            }
        default:
            throw AMQPError(.protocolViolation, "a frame has the unknown type \(frame.frame_type)")
        }
    }

    private func receive(_ method: amqp_method_t) throws(AMQPError) {
        guard let decoded = method.decoded else {
            throw AMQPError(.protocolViolation, "method \(method.id) came without its fields")
        }
        switch method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let fields = decoded.load(as: amqp_basic_deliver_t.self)
            try assembler.begin(
                .deliver(
                    consumerTag: String(fields.consumer_tag), deliveryTag: fields.delivery_tag,
                    redelivered: fields.redelivered != 0, exchange: String(fields.exchange),
                    routingKey: String(fields.routing_key)))
        case AMQP_BASIC_RETURN_METHOD:
            let fields = decoded.load(as: amqp_basic_return_t.self)
            try assembler.begin(
                .returned(
                    replyCode: fields.reply_code, replyText: String(fields.reply_text),
                    exchange: String(fields.exchange), routingKey: String(fields.routing_key)))
        case AMQP_BASIC_ACK_METHOD:
            let fields = decoded.load(as: amqp_basic_ack_t.self)
            settle(try confirms.acknowledged(tag: fields.delivery_tag, multiple: fields.multiple != 0))
        case AMQP_BASIC_NACK_METHOD:
            let fields = decoded.load(as: amqp_basic_nack_t.self)
            settle(try confirms.refused(tag: fields.delivery_tag, multiple: fields.multiple != 0))
            // A channel of RabbitMQ 3.10 asks the node that led a quorum queue when it first published to it, for as
            // long as it has not been answered once. If that node is gone, every publish is refused until then.
            if configuration.hasOtherNodes {
                throw AMQPError(.nacked, "the broker refused a message, and a new channel may find the queue's leader")
            }
        case AMQP_CONNECTION_BLOCKED_METHOD:
            setBlocked(String(decoded.load(as: amqp_connection_blocked_t.self).reason))
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            setBlocked(nil)
        case AMQP_BASIC_CANCEL_METHOD:
            let tag = String(decoded.load(as: amqp_basic_cancel_t.self).consumer_tag)
            throw AMQPError(.consumerCancelled, "the broker cancelled the consumer \(tag)")
        case AMQP_CONNECTION_CLOSE_METHOD:
            // A courtesy: the broker logs an abrupt end otherwise. The socket is closed next in any case.
            var closeOK = amqp_connection_close_ok_t()
            _ = try withHandle { amqp_send_method($0, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &closeOK) }
            throw closeError(method, in: "connection.close") ?? AMQPError(.connectionClosed, "connection.close")
        case AMQP_CHANNEL_CLOSE_METHOD:
            throw closeError(method, in: "channel.close") ?? AMQPError(.channelClosed, "channel.close")
        default:
            throw AMQPError(.protocolViolation, "the broker sent method \(method.id) unasked")
        }
    }

    private func receive(_ content: ContentAssembler.Content) throws(AMQPError) {
        switch content.method {
        case .deliver(let consumerTag, let deliveryTag, let redelivered, let exchange, let routingKey):
            guard let consumer = consumers[consumerTag] else {
                throw AMQPError(.protocolViolation, "a delivery came for the unknown consumer \(consumerTag)")
            }
            if consumer.acknowledges {
                // Not for direct replies: they all carry the same tag.
                try coalescer.delivered(deliveryTag)
            }
            drained.append(
                AMQPDelivery(
                    queue: consumer.queue, consumerTag: consumerTag, deliveryTag: deliveryTag, connectionEpoch: epoch,
                    redelivered: redelivered, exchange: exchange, routingKey: routingKey,
                    properties: content.properties, body: content.body))
        case .got(let deliveryTag, let redelivered, let exchange, let routingKey, let remaining):
            try coalescer.delivered(deliveryTag)
            let delivery = AMQPDelivery(
                queue: "", consumerTag: "", deliveryTag: deliveryTag, connectionEpoch: epoch, redelivered: redelivered,
                exchange: exchange, routingKey: routingKey, properties: content.properties, body: content.body)
            fetched = AMQPFetchedMessage(delivery: delivery, remaining: remaining)
        case .returned(let replyCode, let replyText, let exchange, let routingKey):
            let returned = AMQPReturn(
                replyCode: replyCode, replyText: replyText, exchange: exchange, routingKey: routingKey,
                properties: content.properties)
            if confirmsAreOn {
                try confirms.returned(returned)
            }
            observer.returned(returned)
        }
    }

    private func setBlocked(_ reason: String?) {
        isBlocked = reason != nil
        observer.blocked(reason)
    }

    private func handOver() {
        guard !drained.isEmpty else {
            return
        }
        let deliveries = drained
        drained = []
        observer.delivered(deliveries)
    }
}
