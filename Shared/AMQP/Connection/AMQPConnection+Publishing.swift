import CRabbitMQ
import Foundation

extension AMQPConnection {
    /// Publishes messages without waiting in between, and returns what became of each once all are settled.
    ///
    /// Confirms must be on. A message without an id gets one, because a returned message is recognised by it.
    ///
    /// - Returns: the results in the order of the messages, or `nil` if the connection had ended before.
    func publish(_ messages: [AMQPMessage]) async -> [AMQPPublishResult]? {
        guard handle != nil else {
            return nil
        }
        let id = nextBatchID
        nextBatchID += 1
        batches[id] = PublishBatch(count: messages.count)
        for (index, message) in messages.enumerated() where isOpen {
            guard !isBlocked else {
                // The broker does not read any more, so writing on would only fill the socket's buffers.
                batches[id]?.settle(
                    index, .unknown(AMQPError(.blocked, "the broker blocks publishers; the message was not sent")))
                continue
            }
            publish(message, batch: id, index: index)
            // Confirms are read while a long batch is written, so that neither side's buffers fill up.
            if index % 64 == 63 {
                drain()
            }
        }
        drain()
        if let error = closure.value {
            // A message that was not written is as unknown as the others to a caller that only sees the result.
            batches[id]?.settleRest(.unknown(error))
        }
        guard let batch = batches[id], !batch.isComplete else {
            return batches.removeValue(forKey: id)?.completeResults
        }
        return await withCheckedContinuation { continuation in
            batches[id]?.continuation = continuation
        }
    }

    /// Publishes messages that nobody awaits confirms for. What cannot be sent is dropped.
    func send(_ messages: [AMQPMessage]) {
        for message in messages where isOpen && !isBlocked {
            // A connection that fails here fails its other users as well, who say so.
            try? send(message)
        }
    }

    /// Publishes a message that nobody awaits a confirm for.
    func send(_ message: AMQPMessage) throws(AMQPError) {
        try message.validate(frameMaximum: Int(Self.frameMaximum))
        if confirmsAreOn {
            // The broker numbers it like any other message. Its outcome belongs to no batch.
            confirms.published(message, batch: nextBatchID, index: 0, at: .now)
            nextBatchID += 1
        }
        try write(message)
        drain()
    }

    /// Stores outcomes and answers the callers whose batches are complete.
    func settle(_ outcomes: [ConfirmTracker.Outcome]) {
        for outcome in outcomes {
            batches[outcome.batch]?.settle(outcome.index, outcome.result)
        }
        for id in Set(outcomes.map(\.batch)) {
            guard let batch = batches[id], batch.isComplete, let continuation = batch.continuation else {
                continue
            }
            batches[id] = nil
            continuation.resume(returning: batch.completeResults)
        }
    }

    /// Gives up what is unconfirmed for too long. While the broker blocks publishers the connection is kept, because a
    /// new one would be blocked as well; otherwise a broker that does not confirm is regarded as lost.
    func expireUnconfirmed() {
        let limit = ContinuousClock.now - configuration.publishTimeout
        guard let oldest = confirms.oldestPublishedAt, oldest <= limit else {
            return
        }
        if isBlocked {
            let error = AMQPError(.blocked, "the broker blocks publishers and did not confirm in time")
            settle(confirms.expire(publishedUntil: limit, error: error))
        } else {
            fail(AMQPError(.timedOut, "a message was not confirmed within \(configuration.publishTimeout)"))
        }
    }

    /// Answers every caller that waits for a confirm.
    func failBatches(_ error: AMQPError) {
        for id in Array(batches.keys) {
            batches[id]?.settleRest(.unknown(error))
            if let batch = batches[id], let continuation = batch.continuation {
                batches[id] = nil
                continuation.resume(returning: batch.completeResults)
            }
        }
    }

    private func publish(_ message: AMQPMessage, batch: UInt64, index: Int) {
        var message = message
        if message.mandatory, message.properties.messageID == nil {
            message.properties.messageID = UUID().uuidString.lowercased()
        }
        do throws(AMQPError) {
            try message.validate(frameMaximum: Int(Self.frameMaximum))
        } catch {
            batches[batch]?.settle(index, .unknown(error))
            return
        }
        confirms.published(message, batch: batch, index: index, at: .now)
        if confirms.unconfirmedCount == 1, !isBlocked {
            vitals.setOldestUnconfirmed(confirms.oldestPublishedAt)
        }
        do throws(AMQPError) {
            try write(message)
        } catch {
            fail(error)
        }
    }

    /// Writes a message to the socket. A failure leaves the channel in the middle of a content, so it ends the
    /// connection.
    private func write(_ message: AMQPMessage) throws(AMQPError) {
        let (exchange, routingKey) = (pool.bytes(message.exchange), pool.bytes(message.routingKey))
        var properties = pool.properties(message.properties)
        let limit = min(configuration.heartbeat * 2, configuration.publishTimeout)
        let status = try withHandle(limit: limit) { handle in
            message.body.withUnsafeBytes { body in
                // The library only reads the bytes; its type for them is not const.
                let bytes = amqp_bytes_t(
                    len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
                return amqp_basic_publish(
                    handle, Self.channel, exchange, routingKey, message.mandatory ? 1 : 0, 0, &properties, bytes)
            }
        }
        pool.recycle()
        if status != AMQP_STATUS_OK.rawValue {
            let error = error(ofStatus: status, in: "basic.publish")
            fail(error)
            throw error
        }
    }
}
