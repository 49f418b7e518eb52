import Testing

@testable import AMQP

@Suite("Acknowledgement coalescer")
struct AcknowledgementCoalescerTests {
    private typealias Frame = AcknowledgementCoalescer.Acknowledgement

    private func coalescer(delivering count: UInt64) throws -> AcknowledgementCoalescer {
        var coalescer = AcknowledgementCoalescer()
        for tag in 1...count {
            try coalescer.delivered(tag)
        }
        return coalescer
    }

    @Test("A batch without gaps takes one frame")
    func wholeBatch() throws {
        var coalescer = try coalescer(delivering: 5)
        let frames = coalescer.acknowledge([1, 2, 3])
        #expect(frames == [Frame(tag: 3, multiple: true)])
        let secondFrames = coalescer.acknowledge([5, 4])
        #expect(secondFrames == [Frame(tag: 5, multiple: true)])
    }

    @Test("Nothing above an unsettled delivery is acknowledged with multiple")
    func gap() throws {
        var coalescer = try coalescer(delivering: 5)
        let around = coalescer.acknowledge([1, 2, 4, 5])
        #expect(
            around == [
                Frame(tag: 2, multiple: true), Frame(tag: 4, multiple: false), Frame(tag: 5, multiple: false),
            ])
        let frames = coalescer.acknowledge([3])
        #expect(frames == [Frame(tag: 3, multiple: false)])
    }

    @Test("Filling a gap acknowledges only what was not acknowledged before")
    func fillingAGap() throws {
        var coalescer = try coalescer(delivering: 6)
        let frames = coalescer.acknowledge([3])
        #expect(frames == [Frame(tag: 3, multiple: false)])
        let secondFrames = coalescer.acknowledge([1, 2, 4])
        #expect(secondFrames == [Frame(tag: 4, multiple: true)])
        let thirdFrames = coalescer.acknowledge([5, 6])
        #expect(thirdFrames == [Frame(tag: 6, multiple: true)])
    }

    @Test("A rejected delivery counts as settled, and is never acknowledged")
    func rejection() throws {
        var coalescer = try coalescer(delivering: 4)
        let isRejected = coalescer.reject(2)
        #expect(isRejected)
        let isSecondRejected = coalescer.reject(2)
        #expect(!isSecondRejected)
        let frames = coalescer.acknowledge([2])
        #expect(frames.isEmpty)
        let secondFrames = coalescer.acknowledge([1, 3, 4])
        #expect(secondFrames == [Frame(tag: 4, multiple: true)])
    }

    @Test("Settling twice, or what was not delivered, sends nothing")
    func unknownTags() throws {
        var coalescer = try coalescer(delivering: 2)
        let frames = coalescer.acknowledge([3, 0])
        #expect(frames.isEmpty)
        let secondFrames = coalescer.acknowledge([1])
        #expect(secondFrames == [Frame(tag: 1, multiple: false)])
        let thirdFrames = coalescer.acknowledge([1, 1])
        #expect(thirdFrames.isEmpty)
        let isRejected = coalescer.reject(1)
        #expect(!isRejected)
        let isSecondRejected = coalescer.reject(3)
        #expect(!isSecondRejected)
    }

    @Test("A gap in the broker's numbers is a protocol violation")
    func gapInDeliveries() throws {
        var coalescer = try coalescer(delivering: 1)
        #expect(throws: AMQPError.self) { try coalescer.delivered(3) }
    }

    @Test("In any order of settling, the frames settle each delivery exactly once", arguments: 0..<50)
    func randomOrders(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count: UInt64 = 40
        var coalescer = try coalescer(delivering: count)
        var unsettled = Set(1...count)
        var settledOnTheWire: Set<UInt64> = []
        while !unsettled.isEmpty {
            let size = Int.random(in: 1...6, using: &generator)
            let tags = Array(unsettled.shuffled(using: &generator).prefix(size))
            unsettled.subtract(tags)
            if Bool.random(using: &generator), let tag = tags.first {
                let isRejected = coalescer.reject(tag)
                #expect(isRejected)
                settledOnTheWire.insert(tag)
            }
            for frame in coalescer.acknowledge(tags) {
                // What the broker does with the frame, by AMQP 0-9-1, basic.ack.
                let covered = frame.multiple ? Set(1...frame.tag).subtracting(settledOnTheWire) : [frame.tag]
                #expect(covered.isDisjoint(with: unsettled), "frame \(frame) settles what nobody settled")
                #expect(!settledOnTheWire.contains(frame.tag), "frame \(frame) would close the channel")
                settledOnTheWire.formUnion(covered)
            }
        }
        #expect(settledOnTheWire == Set(1...count))
    }
}
