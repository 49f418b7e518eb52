import Logging

/// Keeps a connection up: opens one, has it set up and served, and opens the next one when it ends, going round the
/// endpoints with random pauses. Nothing but cancellation or a stop makes it give up: a broker that refuses the
/// credentials may be one that is still being configured.
struct ReconnectLoop {
    /// How serving a connection ended without an error.
    enum Ending: Sendable {
        /// Another connection is wanted at once.
        case reconnect
        /// No more connections are wanted.
        case stop
    }

    /// How a connection that was opened ended.
    private enum Outcome {
        /// As its owner wished.
        case ended(Ending)
        /// By itself, after it had worked for a while.
        case lost(AMQPError)
    }

    let configuration: AMQPConfiguration
    let logger: Logger
    /// Waits between two attempts, and returns whether to stop instead of making the next one.
    var pause: @Sendable (Duration) async throws -> Bool = { duration in
        try await Task.sleep(for: duration)
        return false
    }

    /// Runs until cancelled, or until `serve` asks to stop.
    ///
    /// - Parameters:
    ///   - observer: told what arrives on each connection.
    ///   - failed: told why a connection could not be made, set up or kept.
    ///   - serve: sets a connection up and returns when it ended or is no longer wanted.
    func run(
        observer: ConnectionObserver, failed: @Sendable (AMQPError) -> Void,
        serve: @Sendable (AMQPConnection) async throws -> Ending
    ) async throws {
        try configuration.validate()
        var generator = SystemRandomNumberGenerator()
        var backoff = ReconnectBackoff(maximum: configuration.maximumReconnectDelay)
        var round = EndpointRound(configuration.endpoints, using: &generator)
        while !Task.isCancelled {
            let endpoint = round.current
            do {
                switch try await connect(to: endpoint, observer: observer, failed: failed, serve: serve) {
                case .ended(.stop):
                    return
                case .ended(.reconnect):
                    backoff.reset()
                    round.advance()
                    continue
                case .lost(let error):
                    // The connection worked for longer than the pauses last, so this is not one failure in a row.
                    backoff.reset()
                    round.advance(after: error)
                }
            } catch let error as AMQPError {
                round.advance(after: error)
                failed(error)
                logger.warning("broker connection failed", metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
            } catch is CancellationError {
                return
            }
            do {
                if try await pause(backoff.next(using: &generator)) {
                    return
                }
            } catch is CancellationError {
                return
            }
        }
    }

    private func connect(
        to endpoint: AMQPEndpoint, observer: ConnectionObserver, failed: @Sendable (AMQPError) -> Void,
        serve: @Sendable (AMQPConnection) async throws -> Ending
    ) async throws -> Outcome {
        let connection = try await AMQPConnection.open(
            configuration: configuration, endpoint: endpoint, observer: observer, logger: logger)
        logger.info("broker connected", metadata: ["endpoint": "\(endpoint)", "epoch": "\(connection.epoch)"])
        let openedAt = ContinuousClock.now
        do {
            let ending = try await serve(connection)
            guard let error = connection.closure.value else {
                await connection.close()
                return .ended(ending)
            }
            if case .stop = ending {
                return .ended(ending)
            }
            throw error
        } catch {
            await connection.close()
            guard let lost = error as? AMQPError,
                ContinuousClock.now - openedAt > configuration.maximumReconnectDelay
            else {
                throw error
            }
            failed(lost)
            logger.warning("broker connection lost", metadata: ["endpoint": "\(endpoint)", "error": "\(lost)"])
            return .lost(lost)
        }
    }
}
