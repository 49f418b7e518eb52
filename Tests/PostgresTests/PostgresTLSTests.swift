import Postgres
import TestSupport
import Testing

@Suite("TLS", .timeLimit(.minutes(5)))
struct PostgresTLSTests {
    private func connect(
        _ server: PrivatePostgres, host: String, _ mode: PostgresConfiguration.TLSMode, trusting authority: String?
    ) async throws -> Bool {
        var configuration = server.configuration
        configuration.host = host
        configuration.tls = mode
        configuration.rootCertificatePath = authority
        // Long enough for a busy machine, since a failure to connect shows only when this has passed.
        configuration.acquireTimeout = .seconds(3)
        let client = PostgresClient(configuration: configuration, logger: .silent)
        let result: Result<Bool, any Error>
        do {
            let rows = try await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            result = .success(try rows.decodeOne(Bool.self))
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    @Test("Each mode asks of the server what it says")
    func modes() async throws {
        let server = try await PrivatePostgres.start(offersTLS: true)
        let result: Result<Void, any Error>
        do {
            let certificates = try #require(server.certificates)
            let trusted = certificates.authority
            #expect(try await connect(server, host: "localhost", .disable, trusting: nil) == false)
            #expect(try await connect(server, host: "localhost", .prefer, trusting: nil))
            #expect(try await connect(server, host: "127.0.0.1", .require, trusting: nil))
            #expect(try await connect(server, host: "127.0.0.1", .verifyAuthority, trusting: trusted))
            #expect(try await connect(server, host: "localhost", .verifyFull, trusting: trusted))
            // A certificate for another name, and one of an authority that nobody trusts.
            for (host, authority) in [("127.0.0.1", trusted), ("localhost", certificates.foreignAuthority)] {
                let error = await #expect(throws: PostgresError.self) {
                    try await connect(server, host: host, .verifyFull, trusting: authority)
                }
                #expect(error?.code == .connectionFailed)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.remove()
        try result.get()
    }

    @Test("A server without TLS is refused where TLS is required")
    func required() async throws {
        let server = try await PrivatePostgres.start()
        let error = await #expect(throws: PostgresError.self) {
            try await connect(server, host: "localhost", .require, trusting: nil)
        }
        #expect(error?.code == .connectionFailed)
        await server.remove()
    }
}
