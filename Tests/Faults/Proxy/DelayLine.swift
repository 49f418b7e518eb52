/// The bytes of one direction of one connection that are under way: a pure value that is told the time.
struct DelayLine {
    /// So much may be under way; then the sender has to wait, as for a full socket.
    static let capacity = 1 << 20
    /// Under a limit of bandwidth, bytes leave in pieces of so much time.
    private static let slice = Duration.milliseconds(20)

    private let direction: LinkDirection
    /// In the order of their times; those before `head` have left.
    private var pieces: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
    private var head = 0
    private(set) var byteCount = 0
    /// When the bandwidth allows the next piece to leave.
    private var free: ContinuousClock.Instant?
    /// When the sender's end of stream arrives.
    private var endDue: ContinuousClock.Instant?

    init(_ direction: LinkDirection) {
        self.direction = direction
    }

    var isFull: Bool { byteCount >= Self.capacity }
    private var isEmpty: Bool { head == pieces.count }
    /// Whether the sender has ended the stream, be it still under way.
    var isEnding: Bool { endDue != nil }

    /// Bytes are sent.
    mutating func push(
        _ bytes: some Sequence<UInt8>, at now: ContinuousClock.Instant, under condition: LinkCondition,
        using generator: inout some RandomNumberGenerator
    ) {
        let bytes = ArraySlice(bytes)
        guard !bytes.isEmpty else { return }
        pieces.append((arrival(at: now, under: condition, using: &generator), bytes))
        byteCount += bytes.count
    }

    /// The sender ends the stream.
    mutating func end(
        at now: ContinuousClock.Instant, under condition: LinkCondition,
        using generator: inout some RandomNumberGenerator
    ) {
        endDue = arrival(at: now, under: condition, using: &generator)
    }

    private func arrival(
        at now: ContinuousClock.Instant, under condition: LinkCondition,
        using generator: inout some RandomNumberGenerator
    ) -> ContinuousClock.Instant {
        let due = now + condition.delay + condition.jitter * Double.random(in: 0...1, using: &generator)
        return isEmpty ? due : max(due, pieces[pieces.count - 1].due)
    }

    /// The bytes that arrive now, in their order; call until it is nil.
    mutating func pop(at now: ContinuousClock.Instant, under condition: LinkCondition) -> ArraySlice<UInt8>? {
        guard !isEmpty, !condition.silent.contains(direction), pieces[head].due <= now else { return nil }
        guard let rate = condition.bytesPerSecond else {
            free = nil
            return take(pieces[head].bytes.count)
        }
        if let free, free > now { return nil }
        let most = max(1, Int(Double(rate) * (Self.slice / .seconds(1))))
        let bytes = take(min(most, pieces[head].bytes.count))
        free = now + .seconds(Double(bytes.count) / Double(rate))
        return bytes
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let bytes = pieces[head].bytes.prefix(count)
        pieces[head].bytes = pieces[head].bytes.dropFirst(count)
        byteCount -= bytes.count
        if pieces[head].bytes.isEmpty { head += 1 }
        if isEmpty {
            pieces.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 256 {
            pieces.removeFirst(head)
            head = 0
        }
        return bytes
    }

    /// Gives bytes back that could not be delivered: they are the next to leave.
    mutating func putBack(_ bytes: ArraySlice<UInt8>, at now: ContinuousClock.Instant) {
        guard !bytes.isEmpty else { return }
        pieces.insert((now, bytes), at: head)
        byteCount += bytes.count
    }

    /// Whether the end of the stream has arrived, after everything before it.
    func hasEnded(at now: ContinuousClock.Instant, under condition: LinkCondition) -> Bool {
        guard let endDue, isEmpty, !condition.silent.contains(direction) else { return false }
        return endDue <= now
    }

    /// When there is something to do next, if nothing else happens.
    func nextDue(under condition: LinkCondition) -> ContinuousClock.Instant? {
        guard !condition.silent.contains(direction) else { return nil }
        guard !isEmpty else { return endDue }
        guard condition.bytesPerSecond != nil, let free else { return pieces[head].due }
        return max(free, pieces[head].due)
    }
}
