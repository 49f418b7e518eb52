import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// One queue of commands or events, or several of a kind, and the loop that empties them: take what is there, handle it in
/// one transaction, publish what it caused, acknowledge.
struct MessageLane: Sendable {
    let service: ServiceName
    /// The queue, or what its consumer calls several.
    let name: String
    let consumer: AMQPConsumer
    let publisher: AMQPPublisher
    let processor: BatchProcessor
    let dispatcher: Dispatcher
    /// From one batch to the next in a rush.
    let interval: Duration
    /// Told of each batch that arrives.
    let onArrival: (@Sendable () -> Void)?
    let stopping: StopSignal
    let metrics: MessagingMetrics
    let logger: Logger

    /// The most messages of one transaction.
    static let batchLimit = 200
    /// How many committed batches may wait for the broker's confirms while the next one is handled.
    static let publishingLimit = 4
    /// The first and the longest rest while the database is in trouble.
    private static let rests = (shortest: Duration.milliseconds(20), longest: Duration.seconds(2))

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var publishing = 0
            let start = ContinuousClock.now
            var pace = BatchPace(interval: interval, at: .zero)
            while let batch = await nextBatch(after: pace.begin(at: ContinuousClock.now - start)) {
                let arrivals = batch.deliveries.map(Arrival.init)
                var waiting = arrivals[...]
                while !waiting.isEmpty {
                    // As many deliveries as make a batch of messages; one at least, whatever it carries.
                    var count = 0
                    let taken = Array(
                        waiting.prefix { arrival in
                            defer { count += arrival.messages.count }
                            return count == 0 || count + arrival.messages.count <= Self.batchLimit
                        })
                    waiting = waiting.dropFirst(taken.count)
                    let ended = await handle(taken) { ended, staged in
                        if publishing == Self.publishingLimit {
                            await group.next()
                            publishing -= 1
                        }
                        publishing += 1
                        group.addTask { await settle(ended, staged) }
                    }
                    guard ended else {
                        // The lane ends first: whoever comes next gets them again.
                        for arrival in waiting { await consumer.reject(arrival.delivery, requeue: true) }
                        break
                    }
                }
            }
            await group.waitForAll()
        }
    }

    /// Handles what some deliveries carry, for as long as the database is in trouble.
    ///
    /// - Parameter settle: called with what has ended each time something has.
    /// - Returns: false when the lane ends before everything is handled; the rest is given back.
    private func handle(
        _ arrivals: [Arrival], settle: ([Ended], EffectStaging.Staged) async -> Void
    ) async -> Bool {
        var waiting = arrivals
        var rest = Self.rests.shortest
        while true {
            let result = await processor.process(waiting.flatMap(\.messages), lane: name)
            let (ended, left) = Self.divide(waiting, by: result)
            waiting = left
            if !ended.isEmpty { await settle(ended, result.staged) }
            guard !waiting.isEmpty, let interruption = result.interruption else { return true }
            logger.warning(
                "messages wait for the database",
                metadata: [
                    "lane": "\(name)", "count": "\(waiting.count)",
                    "error": "\(String(reflecting: interruption))",
                ])
            guard await stopping.rest(for: rest) else { break }
            rest = min(rest * 2, Self.rests.longest)
        }
        for arrival in waiting { await consumer.reject(arrival.delivery, requeue: true) }
        return false
    }

    /// - Parameter rest: how long more messages may gather first.
    /// - Returns: nil once the consumer is stopped; its connection losses are its own business.
    private func nextBatch(after rest: Duration) async -> AMQPBatch? {
        // A stop ends the rest, and then the wait for the batch as well.
        if rest > .zero { _ = await stopping.rest(for: rest) }
        do {
            let batch = try await consumer.nextBatch(queue: name, max: Self.batchLimit)
            onArrival?()
            return batch
        } catch {
            return nil
        }
    }

    /// A delivery with the messages in it that are still to be handled, or with what is wrong with it.
    private struct Arrival: Sendable {
        let delivery: AMQPDelivery
        var messages: [IncomingMessage] = []
        var malformation: (any Error)?
        /// How its messages ended that are not handled.
        var moved: [Moved] = []
        var handledCount = 0

        init(_ delivery: AMQPDelivery) {
            self.delivery = delivery
            do {
                messages = try MessageBundle.messages(in: delivery)
            } catch {
                malformation = error
            }
        }
    }

    /// A message that goes elsewhere in place of being handled.
    private struct Moved: Sendable {
        let message: IncomingMessage
        let disposition: BatchProcessor.Disposition
    }

    /// A delivery all of whose messages have ended.
    private typealias Ended = Arrival

    private static func divide(
        _ arrivals: [Arrival], by result: BatchProcessor.Result
    ) -> (ended: [Ended], left: [Arrival]) {
        var dispositions = result.dispositions.makeIterator()
        var ended: [Ended] = []
        var left: [Arrival] = []
        for var arrival in arrivals {
            var waiting: [IncomingMessage] = []
            for message in arrival.messages {
                switch dispositions.next() ?? nil {
                case .handled: arrival.handledCount += 1
                case let disposition?: arrival.moved.append(Moved(message: message, disposition: disposition))
                case nil: waiting.append(message)
                }
            }
            arrival.messages = waiting
            if waiting.isEmpty { ended.append(arrival) } else { left.append(arrival) }
        }
        return (ended, left)
    }

    private func settle(_ ended: [Ended], _ staged: EffectStaging.Staged) async {
        await dispatcher.dispatch(staged)
        var copies: [(position: Int, message: AMQPMessage)] = []
        for (position, item) in ended.enumerated() {
            copies += self.copies(for: item).map { (position, $0) }
        }
        let unsafe = await move(copies)
        var settled: [AMQPDelivery] = []
        for (position, item) in ended.enumerated() {
            if unsafe.contains(position) {
                await consumer.reject(item.delivery, requeue: true)
            } else {
                settled.append(item.delivery)
            }
        }
        await consumer.acknowledge(settled)
        record(ended)
    }

    private func record(_ ended: [Ended]) {
        var counts = (handled: 0, retried: 0, deadLettered: 0)
        for item in ended {
            counts.handled += item.handledCount
            if item.malformation != nil { counts.deadLettered += 1 }
            for moved in item.moved {
                if case .retry = moved.disposition { counts.retried += 1 } else { counts.deadLettered += 1 }
            }
        }
        metrics.recordSettled(
            lane: name, handled: counts.handled, retried: counts.retried, deadLettered: counts.deadLettered)
    }

    /// What goes elsewhere in place of being handled.
    private func copies(for item: Ended) -> [AMQPMessage] {
        let queue = item.delivery.queue
        var copies: [AMQPMessage] = []
        if let malformation = item.malformation {
            let reason = String(describing: malformation)
            report(item.delivery.properties.type, item.delivery.properties.messageID, on: queue, failures: 0, reason)
            copies.append(Self.deadLetterCopy(of: item.delivery, failures: 0, reason: reason))
        }
        for moved in item.moved {
            switch moved.disposition {
            case .handled: break
            case .retry(let delay, let failures, let reason):
                let exchange = MessagingTopology.retryExchangeName(service, after: delay)
                copies.append(
                    copy(of: moved.message, to: exchange, routingKey: queue, failures: failures, reason: reason))
            case .deadLetter(let failures, let reason):
                let envelope = moved.message.envelope
                report(envelope.type, envelope.id.lowercaseText, on: queue, failures: failures, reason)
                let deadLetters = MessagingTopology.deadLetterQueueName(queue)
                copies.append(
                    copy(of: moved.message, to: "", routingKey: deadLetters, failures: failures, reason: reason))
            }
        }
        return copies
    }

    private func report(
        _ type: String?, _ messageID: String?, on queue: String, failures: Int, _ reason: String
    ) {
        logger.error(
            "a message is given up",
            metadata: [
                "lane": "\(queue)", "message_type": "\(type ?? "-")", "message_id": "\(messageID ?? "-")",
                "failures": "\(failures)", "error": "\(reason)",
            ])
    }

    /// Publishes copies. A delivery may only be acknowledged when the copies of all its failed messages are safe; what is
    /// handled twice because of that has its inbox.
    /// - Returns: the positions of the deliveries that must go back to the queue.
    private func move(_ copies: [(position: Int, message: AMQPMessage)]) async -> Set<Int> {
        guard !copies.isEmpty else { return [] }
        let results = await publisher.publish(copies.map(\.message))
        return Set(zip(copies, results).filter { !$1.isConfirmed }.map(\.0.position))
    }

    private func copy(
        of message: IncomingMessage, to exchange: String, routingKey: String, failures: Int, reason: String
    ) -> AMQPMessage {
        var copy = EnvelopeCodec.message(
            WireMessage(exchange: exchange, routingKey: routingKey, envelope: message.envelope, body: message.body))
        copy.properties.headers[EnvelopeCodec.Header.failures] = .int64(Int64(failures))
        copy.properties.headers[EnvelopeCodec.Header.failureReason] = EnvelopeCodec.reason(reason)
        return copy
    }

    /// What goes to the service's retry queue in place of a delivery.
    static func retryCopy(
        of delivery: AMQPDelivery, by service: ServiceName, after delay: Duration, failures: Int, reason: String
    ) -> AMQPMessage {
        AMQPMessage(
            exchange: MessagingTopology.retryExchangeName(service, after: delay), routingKey: delivery.queue,
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    /// What goes to the dead-letter queue in place of a delivery.
    static func deadLetterCopy(of delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPMessage {
        AMQPMessage(
            exchange: "", routingKey: MessagingTopology.deadLetterQueueName(delivery.queue),
            properties: properties(delivery, failures: failures, reason: reason), body: delivery.body)
    }

    private static func properties(_ delivery: AMQPDelivery, failures: Int, reason: String) -> AMQPProperties {
        var properties = delivery.properties
        properties.deliveryMode = .persistent
        properties.headers[EnvelopeCodec.Header.failures] = .int64(Int64(failures))
        properties.headers[EnvelopeCodec.Header.failureReason] = EnvelopeCodec.reason(reason)
        // The broker's own record of earlier trips is long and says nothing that these two do not.
        properties.headers["x-death"] = nil
        return properties
    }
}
