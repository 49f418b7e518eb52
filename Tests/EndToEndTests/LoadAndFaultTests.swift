import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Many buyers, and processes that die")
    struct LoadAndFaultTests {
        @Test("200 buyers at once for 50 places over three Ticketing processes: exactly 50 are sold")
        func sellOut() async throws {
            let sale = try await Organizer.make().sell(capacity: 50)
            let states = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let client =
                            number % 2 == 0
                            ? sale.client : try APIClient(key: sale.client.key, baseURL: Installation.secondGatewayURL)
                        let answer = try await client.send(
                            "POST", "/v1/checkouts", sale.order(1, email: "buyer\(number)@example.org"),
                            headers: ["Prefer": "wait=30"])
                        if answer.status == 409, answer.problem == "sold-out" { return "sold_out" }
                        try #require([200, 202].contains(answer.status), "\(answer.status) \(answer.json)")
                        return try await sale.settled(try answer.text("id"), within: .seconds(120)).text("state")
                    }
                }
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(states == ["completed": 50, "sold_out": 150])
            let availability = try await sale.client.demand(
                200, "GET", "/v1/occurrences/\(sale.occurrenceID)/availability")
            #expect(availability["sold"] == 50)
            #expect(availability["available"] == 0)
            try await Installation.demandClean()
        }

        /// What is killed: processes by the beginning of their name, or a server by the variable that names its pid file.
        static let victims = [
            "coordinator-", "ticketing-", "payments-", "scanning-", "notifications-", "analytics-", "gateway-",
            "VOELGOED_TEST_RABBITMQ_PID_FILE", "VOELGOED_TEST_POSTGRES_PID_FILE",
        ]

        @Test("Every checkout ends by itself when something is killed under load", arguments: victims)
        func killed(victim: String) async throws {
            let sale = try await Organizer.make().sell(capacity: 1000)
            let started = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<40 {
                    group.addTask { try await self.start(sale, number) }
                    // A small steady load: the victim dies in its midst. The clock paces the buyers; nothing waits by it.
                    if number == 20 { try Self.kill(victim) }
                    try await ContinuousClock().sleep(for: .milliseconds(40))
                }
                return try await group.reduce(into: [String]()) { ids, id in if let id { ids.append(id) } }
            }
            #expect(started.count >= 20, "only \(started.count) checkouts were accepted")
            for id in started {
                let state = try await outlive(sale, id)
                #expect(["completed", "expired", "canceled", "sold_out", "awaiting_payment"].contains(state))
            }
            let sold = started.count
            #expect(sold > 0)
            try await Installation.demandClean(within: .seconds(90))
        }

        /// Starts a checkout as a patient client does: the same request under the same key until it is answered.
        private func start(_ sale: Organizer.Sale, _ number: Int) async throws -> String? {
            let key = UUID().uuidString
            var id: String?
            _ = try await eventually(within: .seconds(60), every: .milliseconds(300)) {
                let answer = try? await sale.client.send(
                    "POST", "/v1/checkouts", sale.order(1, email: "fault\(number)@example.org"), idempotencyKey: key)
                id = answer.flatMap { $0.status == 202 ? $0["id"]?.text : nil }
                return id != nil
            }
            return id
        }

        /// The state in which a checkout settles, asked again while the platform recovers.
        private func outlive(_ sale: Organizer.Sale, _ id: String) async throws -> String {
            var state = "unknown"
            let settled = try await eventually(within: .seconds(90), every: .milliseconds(300)) {
                guard let answer = try? await sale.client.get("/v1/checkouts/\(id)"), answer.status == 200,
                    let text = answer["state"]?.text
                else { return false }
                state = text
                return CheckoutState(rawValue: text)?.isSettled == true
            }
            #expect(settled, "checkout \(id) is still \(state)")
            return state
        }

        private static func kill(_ victim: String) throws {
            if victim.hasPrefix("VOELGOED_") {
                let text = try String(contentsOfFile: Installation.value(victim), encoding: .utf8)
                let line = try #require(text.split(separator: "\n").first)
                let pid = try #require(Int32(line.trimmingCharacters(in: .whitespaces)))
                try #require(Foundation.kill(pid, SIGKILL) == 0)
            } else {
                let pids = try Installation.processes().filter { $0.key.hasPrefix(victim) }.values
                try #require(!pids.isEmpty, "no process is called \(victim)")
                for pid in pids { try #require(Foundation.kill(pid, SIGKILL) == 0) }
            }
        }
    }
}
