import AMQP
import Foundation
import Testing

@testable import Messaging

/// Who gets which partitions.
@Suite("Partition share")
struct PartitionShareTests {
    private let queues = (0..<10).map { "q\($0)" }

    @Test("The partitions are dealt out completely, evenly and without overlap", arguments: [1, 2, 3, 7, 10, 12])
    func dealt(members: Int) {
        let living = (0..<members).map { _ in UUID() }
        let shares = living.map { PartitionShare(of: $0, among: living.shuffled(), queues: queues) }
        #expect(shares.flatMap(\.own).sorted() == queues.sorted())
        let counts = shares.map(\.own.count)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        for share in shares { #expect(Set(share.own + share.standby) == Set(queues)) }
    }

    @Test("A process that the others do not know of yet counts itself")
    func newcomer() {
        let other = UUID()
        let share = PartitionShare(of: UUID(), among: [other], queues: queues)
        #expect(share.own.count == 5)
        #expect(PartitionShare(of: other, among: [], queues: queues).own == queues)
    }

    @Test("Own partitions come first, the others later and over another connection; undecided, all are others")
    func plan() {
        let share = PartitionShare(of: UUID(), among: [UUID()], queues: queues)
        #expect(share.ownPlan.first.map(\.queue) == share.own)
        #expect(share.ownPlan.second.isEmpty)
        #expect(share.standbyPlan.first.isEmpty)
        #expect(share.standbyPlan.second.map(\.queue) == share.standby)
        #expect(share.standbyPlan.delay == PartitionShare.standbyDelay)
        #expect(PartitionShare.undecided(queues).own.isEmpty)
        #expect(PartitionShare.undecided(queues).standby == queues)
    }
}
