import Testing

@testable import Faults

@Suite("The bytes under way on a bad link")
struct DelayLineTests {
    private let start = ContinuousClock.now
    private var generator = SeededGenerator(seed: 1)

    private mutating func line(_ pieces: [String], under condition: LinkCondition) -> DelayLine {
        var line = DelayLine(.toServer)
        for (index, piece) in pieces.enumerated() {
            line.push(piece.utf8, at: start + .milliseconds(index), under: condition, using: &generator)
        }
        return line
    }

    private func text(
        _ line: inout DelayLine, after pause: Duration, under condition: LinkCondition = .good
    ) -> String {
        var bytes: [UInt8] = []
        while let more = line.pop(at: start + pause, under: condition) { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A good link delivers at once and in order")
    mutating func good() {
        var line = line(["ab", "cd", "ef"], under: .good)
        #expect(text(&line, after: .milliseconds(2)) == "abcdef")
        #expect(line.byteCount == 0)
    }

    @Test("A delay holds every byte back for its time, and jitter keeps the order")
    mutating func delay() {
        let slow = LinkCondition(delay: .milliseconds(100), jitter: .milliseconds(50))
        var line = line((0..<50).map { "\($0)." }, under: slow)
        #expect(text(&line, after: .milliseconds(99), under: slow) == "")
        #expect(text(&line, after: .milliseconds(250), under: slow) == (0..<50).map { "\($0)." }.joined())
    }

    @Test("A silent direction delivers nothing, and everything once the link is good again")
    mutating func silent() {
        var line = line(["ab", "cd"], under: .blackHole)
        #expect(text(&line, after: .seconds(60), under: .blackHole) == "")
        #expect(line.nextDue(under: .blackHole) == nil)
        #expect(text(&line, after: .seconds(61)) == "abcd")
    }

    @Test("A half-open link is silent in one direction only")
    mutating func halfOpen() {
        var there = line(["ab"], under: .halfOpen)
        #expect(text(&there, after: .seconds(1), under: .halfOpen) == "ab")
        var back = DelayLine(.toClient)
        back.push("cd".utf8, at: start, under: .halfOpen, using: &generator)
        #expect(text(&back, after: .seconds(1), under: .halfOpen) == "")
    }

    @Test("A narrow link lets no more pass than its rate")
    mutating func bandwidth() {
        let narrow = LinkCondition(bytesPerSecond: 1000)
        var line = line([String(repeating: "x", count: 500)], under: narrow)
        var count = 0
        for millisecond in 0...250 {
            while let bytes = line.pop(at: start + .milliseconds(millisecond), under: narrow) { count += bytes.count }
        }
        #expect((200...300).contains(count), "\(count) bytes in a quarter of a second")
        #expect(line.nextDue(under: narrow) != nil)
    }

    @Test("The end of the stream comes after everything that was sent before it")
    mutating func end() {
        let slow = LinkCondition(delay: .milliseconds(100))
        var line = line(["ab"], under: slow)
        line.end(at: start, under: slow, using: &generator)
        #expect(!line.hasEnded(at: start + .seconds(1), under: slow))
        #expect(text(&line, after: .seconds(1), under: slow) == "ab")
        #expect(line.hasEnded(at: start + .seconds(1), under: slow))
        #expect(!line.hasEnded(at: start + .seconds(1), under: .blackHole))
    }

    @Test("What could not be delivered is the next to be delivered")
    mutating func putBack() throws {
        var line = line(["abcd", "ef"], under: .good)
        let first = line.pop(at: start + .seconds(1), under: .good)
        line.putBack(try #require(first).dropFirst(1), at: start)
        #expect(text(&line, after: .seconds(1)) == "bcdef")
    }

    @Test("A line that holds too much tells its sender to wait")
    mutating func full() {
        var line = line([String(repeating: "x", count: DelayLine.capacity)], under: .good)
        #expect(line.isFull)
        _ = line.pop(at: start + .seconds(1), under: .good)
        #expect(!line.isFull)
    }
}
