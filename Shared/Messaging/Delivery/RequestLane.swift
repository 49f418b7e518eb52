import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// A service's queue of requests: several batches are answered at the same time, each group of one kind in a
/// transaction of its own that runs for the tenants who ask, one after the other.
struct RequestLane: Sendable {
    let queue: String
    let consumer: AMQPConsumer
    let publisher: AMQPPublisher
    let processor: RequestProcessor
    let dispatcher: Dispatcher
    let moments: MomentSource
    /// How many groups are answered at the same time: a part of the connections, so that messages are not starved.
    let concurrency: Int
    let answered = GatheredItems<AMQPDelivery>()
    /// How long acknowledgements gather: for a quorum queue one for many is one entry of its log. What a lost
    /// connection leaves without is answered once more, or has expired.
    private static let acknowledgingRest = Duration.milliseconds(50)

    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await acknowledgeGathered() }
            await answerAll()
            group.cancelAll()
        }
        await consumer.acknowledge(answered.take())
    }

    private func acknowledgeGathered() async {
        while await answered.arrive() {
            await consumer.acknowledge(answered.take())
            // Cut short when the lane ends, which acknowledges what is left.
            try? await Task.sleep(for: Self.acknowledgingRest)
        }
    }

    private func answerAll() async {
        await withTaskGroup(of: Void.self) { tasks in
            var running = 0
            while let batch = await nextBatch() {
                for group in RequestProcessor.groups(batch.deliveries) {
                    if running == concurrency {
                        await tasks.next()
                        running -= 1
                    }
                    running += 1
                    tasks.addTask { await answer(group) }
                }
            }
            await tasks.waitForAll()
        }
    }

    /// - Returns: nil once the consumer is stopped; its connection losses are its own business.
    private func nextBatch() async -> AMQPBatch? {
        do {
            return try await consumer.nextBatch(queue: queue, max: 100)
        } catch {
            return nil
        }
    }

    private func answer(_ group: RequestProcessor.Group) async {
        // The broker drops what expires in the queue, but not what waited here for its turn.
        let now = moments.now()
        let current = RequestProcessor.Group(
            deliveries: group.deliveries.filter { !RequestProcessor.hasExpired($0, at: now) })
        let (replies, staged) = await processor.answer(current)
        // What a request caused is committed; nobody need wait until the broker has taken it.
        dispatcher.submit(staged)
        _ = await publisher.publish(replies)
        answered.add(group.deliveries)
    }
}
