import AMQP
import Foundation

/// The stock partitions of one process among the living, and the rest.
struct PartitionShare: Equatable, Sendable {
    /// Subscribed to at once.
    var own: [String]
    /// Subscribed to after a moment, so that their owners come first.
    var standby: [String]

    /// How long the others get to take their own partitions before this process stands by for them.
    static let standbyDelay = Duration.seconds(3)

    private init(own: [String], standby: [String]) {
        self.own = own
        self.standby = standby
    }

    /// The partitions are dealt out in turn, in the order of the process ids. A process that is not among the living counts as
    /// one of them: it is on its way.
    init(of processID: UUID, among living: [UUID], queues: [String]) {
        let members = Set(living + [processID]).sorted()
        let index = members.firstIndex(of: processID) ?? 0
        own = queues.enumerated().filter { $0.offset % members.count == index }.map(\.element)
        standby = queues.enumerated().filter { $0.offset % members.count != index }.map(\.element)
    }

    /// Before a process knows of the others, or without a database to ask: it takes what nobody else has.
    static func undecided(_ queues: [String]) -> PartitionShare {
        PartitionShare(own: [], standby: queues)
    }

    /// For the connection of the own partitions.
    var ownPlan: AMQPSubscriptionPlan {
        AMQPSubscriptionPlan(first: subscriptions(own))
    }

    /// For the connection of the others.
    var standbyPlan: AMQPSubscriptionPlan {
        AMQPSubscriptionPlan(first: [], second: subscriptions(standby), delay: Self.standbyDelay)
    }

    private func subscriptions(_ queues: [String]) -> [AMQPSubscription] {
        queues.map { AMQPSubscription(queue: $0, prefetch: MessagingTopology.prefetch) }
    }
}
