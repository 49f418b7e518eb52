/// Follows published messages until the broker confirms or refuses them.
///
/// The broker numbers the messages of a channel from 1 and answers with `basic.ack` or `basic.nack`, for one number or
/// for all up to it. An unroutable mandatory message comes back as `basic.return` before the ack that covers it, so that
/// ack means "unroutable" (RabbitMQ, "Consumer Acknowledgements and Publisher Confirms"). A return carries no number: it
/// is matched by message id, exchange and routing key.
struct ConfirmTracker {
    /// Which message of which batch an outcome belongs to.
    struct Outcome {
        let batch: UInt64
        let index: Int
        let result: AMQPPublishResult
    }

    private struct Entry {
        let batch: UInt64
        let index: Int
        let publishedAt: ContinuousClock.Instant
        let messageID: String?
        let exchange: String
        let routingKey: String
        var returned: AMQPReturn?
    }

    private var entries: [UInt64: Entry] = [:]
    private var lowest: UInt64 = 1
    private var next: UInt64 = 1
    private var hasExpiredMessages = false

    /// How many messages are neither confirmed nor refused.
    var unconfirmedCount: Int {
        entries.count
    }

    /// When the oldest unconfirmed message was published, or `nil` if every message is settled.
    var oldestPublishedAt: ContinuousClock.Instant? {
        entries[lowest]?.publishedAt
    }

    /// Takes note of a message that is about to be written.
    mutating func published(
        _ message: AMQPMessage, batch: UInt64, index: Int, at time: ContinuousClock.Instant
    ) {
        entries[next] = Entry(
            batch: batch, index: index, publishedAt: time, messageID: message.properties.messageID,
            exchange: message.exchange, routingKey: message.routingKey)
        next += 1
    }

    /// Takes note of a message that came back. Of several equal messages the oldest is meant.
    ///
    /// - Throws: ``AMQPError/Code/protocolViolation`` if no such message is unconfirmed: then some other message would
    ///   be reported as confirmed although it was dropped.
    mutating func returned(_ returned: AMQPReturn) throws(AMQPError) {
        var tag = lowest
        while tag < next {
            if let entry = entries[tag], entry.returned == nil, entry.messageID == returned.properties.messageID,
                entry.exchange == returned.exchange, entry.routingKey == returned.routingKey
            {
                entries[tag]?.returned = returned
                return
            }
            tag += 1
        }
        // It may be one that was given up.
        guard !hasExpiredMessages else {
            return
        }
        throw AMQPError(.protocolViolation, "the broker returned a message that is not awaiting its confirm")
    }

    /// Settles what `basic.ack` covers. Numbers that were settled before are skipped.
    mutating func acknowledged(tag: UInt64, multiple: Bool) throws(AMQPError) -> [Outcome] {
        try settle(tag: tag, multiple: multiple) { entry in
            if let returned = entry.returned {
                return .unroutable(replyCode: returned.replyCode, replyText: returned.replyText)
            }
            return .confirmed
        }
    }

    /// Settles what `basic.nack` covers.
    mutating func refused(tag: UInt64, multiple: Bool) throws(AMQPError) -> [Outcome] {
        try settle(tag: tag, multiple: multiple) { _ in .nacked }
    }

    /// Gives up every message that was published at or before `limit`; later confirms for them are skipped.
    mutating func expire(publishedUntil limit: ContinuousClock.Instant, error: AMQPError) -> [Outcome] {
        var outcomes: [Outcome] = []
        while let entry = entries[lowest], entry.publishedAt <= limit {
            entries[lowest] = nil
            hasExpiredMessages = true
            outcomes.append(Outcome(batch: entry.batch, index: entry.index, result: .unknown(error)))
            advance()
        }
        return outcomes
    }

    private mutating func settle(
        tag: UInt64, multiple: Bool, result: (Entry) -> AMQPPublishResult
    ) throws(AMQPError) -> [Outcome] {
        // With `multiple`, zero means everything so far (AMQP 0-9-1, basic.ack, delivery-tag).
        let last = multiple && tag == 0 ? next - 1 : tag
        guard last < next else {
            throw AMQPError(.protocolViolation, "the broker confirmed message \(tag), which was not published")
        }
        guard multiple else {
            guard let entry = entries.removeValue(forKey: tag) else {
                return []
            }
            advance()
            return [Outcome(batch: entry.batch, index: entry.index, result: result(entry))]
        }
        var outcomes: [Outcome] = []
        while lowest <= last {
            if let entry = entries.removeValue(forKey: lowest) {
                outcomes.append(Outcome(batch: entry.batch, index: entry.index, result: result(entry)))
            }
            lowest += 1
        }
        advance()
        return outcomes
    }

    private mutating func advance() {
        while lowest < next, entries[lowest] == nil {
            lowest += 1
        }
    }
}
