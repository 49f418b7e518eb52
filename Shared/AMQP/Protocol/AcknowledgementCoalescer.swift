/// Turns the settling of deliveries on one channel into as few `basic.ack` frames as is safe.
///
/// `multiple` acknowledges every unsettled delivery up to a tag, so it is used only where all of them are meant: up to
/// the tag below which nothing is unsettled any more. Everything above is acknowledged one by one.
struct AcknowledgementCoalescer {
    /// One `basic.ack`.
    struct Acknowledgement: Sendable, Equatable {
        let tag: UInt64
        let multiple: Bool
    }

    /// Every tag up to this one is settled.
    private var floor: UInt64 = 0
    private var highestDelivered: UInt64 = 0
    private var settledAboveFloor: Set<UInt64> = []

    /// Takes note of a delivery. The broker numbers them from 1 without gaps.
    mutating func delivered(_ tag: UInt64) throws(AMQPError) {
        guard tag == highestDelivered + 1 else {
            throw AMQPError(.protocolViolation, "delivery \(tag) came after delivery \(highestDelivered)")
        }
        highestDelivered = tag
    }

    /// Settles deliveries and returns the frames that tell the broker so. Tags that were settled before, or that were
    /// never delivered, are skipped: the broker would close the channel over them.
    mutating func acknowledge(_ tags: [UInt64]) -> [Acknowledgement] {
        let fresh = Set(tags.filter(isUnsettled))
        settledAboveFloor.formUnion(fresh)
        let previousFloor = floor
        raiseFloor()

        var frames: [Acknowledgement] = []
        let covered = fresh.filter { $0 <= floor }
        if let last = covered.max() {
            // The tags between the old floor and `last` that are not in `covered` were settled on the wire before.
            frames.append(Acknowledgement(tag: last, multiple: last > previousFloor + 1 && covered.count > 1))
        }
        frames += fresh.filter { $0 > floor }.sorted().map { Acknowledgement(tag: $0, multiple: false) }
        return frames
    }

    /// Settles a delivery that is to be rejected, and returns whether the rejection may be sent.
    mutating func reject(_ tag: UInt64) -> Bool {
        guard isUnsettled(tag) else {
            return false
        }
        settledAboveFloor.insert(tag)
        raiseFloor()
        return true
    }

    private func isUnsettled(_ tag: UInt64) -> Bool {
        tag > floor && tag <= highestDelivered && !settledAboveFloor.contains(tag)
    }

    private mutating func raiseFloor() {
        while settledAboveFloor.remove(floor + 1) != nil {
            floor += 1
        }
    }
}
