import Contracts
import Foundation

/// The time, the ids and the randomness of one unit of work. They come from the runtime and never from the system or the
/// database, so that a simulation can replay a run exactly.
public struct Moment: Sendable {
    /// When the work began: one instant for the whole batch.
    public let now: Timestamp
    private let random: @Sendable () -> UInt64

    public init(now: Timestamp, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// A new version 7 UUID at this moment.
    public func makeUUID() -> UUID {
        var generator = Generator(random: random)
        return UUID.version7(at: now, using: &generator)
    }

    /// A new typed id at this moment.
    public func makeID<Subject>(_ subject: Identifier<Subject>.Type = Identifier<Subject>.self) -> Identifier<Subject> {
        Identifier(makeUUID())
    }

    /// Random bytes, of cryptographic quality outside of simulations.
    public func randomBytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count { withUnsafeBytes(of: random().littleEndian) { bytes.append(contentsOf: $0) } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// A random element, every one equally likely; nil when there is none.
    public func randomElement<Elements: Collection>(of elements: Elements) -> Elements.Element? {
        var generator = Generator(random: random)
        return elements.randomElement(using: &generator)
    }

    private struct Generator: RandomNumberGenerator {
        let random: @Sendable () -> UInt64
        func next() -> UInt64 { random() }
    }
}

/// Where moments come from: the wall clock and the system's randomness in production, both virtual in a simulation.
public struct MomentSource: Sendable {
    private let clock: @Sendable () -> Timestamp
    private let random: @Sendable () -> UInt64

    public init(clock: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> UInt64) {
        self.clock = clock
        self.random = random
    }

    /// The wall clock and the system's random number generator.
    public static let system = MomentSource(
        clock: { Timestamp(Date()) }, random: { SystemRandomness.shared.next() })

    public func now() -> Timestamp { clock() }

    public func moment() -> Moment { Moment(now: clock(), random: random) }
}
