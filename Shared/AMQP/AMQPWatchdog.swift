import Foundation
import Synchronization

/// One thread per process that frees connections from a broker that stopped answering.
///
/// A publish of rabbitmq-c 0.11 can block for ever when the broker is frozen, with heartbeats switched on: its wait for
/// the socket has no deadline. The only cure is to shut the socket down from another thread. The watchdog does so when
///
/// - a library call outlasts its limit (two heartbeats, and for a publish the publish timeout if that is shorter),
/// - the oldest unconfirmed message is older than the publish timeout, or
/// - nothing was received for two heartbeats, or for one and a half where there are other nodes to go to.
public enum AMQPWatchdog {
    /// How often the connections are examined.
    static let interval = Duration.milliseconds(100)

    private struct State {
        var connections: [ObjectIdentifier: ConnectionVitals] = [:]
        var isThreadStarted = false
        var interventionCount = 0
    }

    private static let state = Mutex(State())
    /// Signalled when the first connection is registered, so that an idle process does not wake up.
    private static let wakeUp = DispatchSemaphore(value: 0)

    /// How many connections of this process were shut down so far.
    public static var interventionCount: Int {
        state.withLock { $0.interventionCount }
    }

    /// Starts to watch a connection.
    static func watch(_ vitals: ConnectionVitals) {
        let isFirst = state.withLock { state in
            let isFirst = state.connections.isEmpty
            state.connections[ObjectIdentifier(vitals)] = vitals
            if !state.isThreadStarted {
                state.isThreadStarted = true
                let thread = Thread { examineForEver() }
                thread.name = "amqp-watchdog"
                thread.start()
            }
            return isFirst
        }
        if isFirst {
            wakeUp.signal()
        }
    }

    /// Stops to watch a connection.
    static func forget(_ vitals: ConnectionVitals) {
        state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(vitals)) }
    }

    private static func examineForEver() {
        let seconds = Double(interval.components.attoseconds) / 1e18
        while true {
            let connections = state.withLock { Array($0.connections.values) }
            if connections.isEmpty {
                wakeUp.wait()
                continue
            }
            let now = ContinuousClock.now
            let interventions = connections.count { $0.examine(at: now) != nil }
            if interventions > 0 {
                state.withLock { $0.interventionCount += interventions }
            }
            Thread.sleep(forTimeInterval: seconds)
        }
    }
}
