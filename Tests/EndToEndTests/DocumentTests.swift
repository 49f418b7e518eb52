import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Documents and operators' views")
    struct DocumentTests {
        @Test("The OpenAPI document passes an independent validator")
        func openAPI() async throws {
            let client = try APIClient(key: nil)
            let document = try await client.demand(200, "GET", "/openapi.json")
            #expect(document["openapi"]?.text?.hasPrefix("3.1") == true)
            let file = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID().uuidString).json")
            try document.data.write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }  // A leftover in the temporary folder harms nobody.
            let (status, output) = try await Program.run(
                try Installation.value("VOELGOED_TEST_PYTHON"), ["-m", "openapi_spec_validator", file.path])
            #expect(status == 0, "\(output)")
        }

        @Test("The message catalogue is served as AsyncAPI")
        func asyncAPI() async throws {
            let document = try await APIClient(key: nil).demand(200, "GET", "/asyncapi.json")
            #expect(document["asyncapi"] == "3.0.0")
        }

        @Test("Health is open to all")
        func health() async throws {
            let client = try APIClient(key: nil)
            #expect(try await client.get("/health/live").status == 200)
            #expect(try await client.get("/health/ready").status == 200)
        }

        @Test("The doctor finds everything in order, and shows a checkout's history")
        func doctor() async throws {
            let (status, output) = try await Installation.operate("doctor")
            #expect(status == 0, "\(output)")
            let checkout = try await Organizer.make().sell().buy()
            let (shown, history) = try await Installation.operate("sagas", "show", try checkout.text("id"))
            #expect(shown == 0, "\(history)")
            #expect(history.contains("ticketing.order-completed.v1"))
            let (listed, letters) = try await Installation.operate("dead-letters", "list")
            #expect(listed == 0, "\(letters)")
            #expect(letters.contains("no dead letters"), "\(letters)")
        }

        @Test("The operator's tool makes an API key that works")
        func keys() async throws {
            let organizer = try await Organizer.make()
            let (status, output) = try await Installation.operate(
                "keys", "create", "--organization", organizer.organizationID, "--name", "Door", "--scopes",
                "events:read")
            #expect(status == 0, "\(output)")
            let client = try APIClient(key: output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(try await client.get("/v1/events").status == 200)
        }

        @Test("Every process serves Prometheus metrics")
        func metrics() async throws {
            let plan = try JSONDecoder().decode(
                JSONValue.self,
                from: Data(contentsOf: URL(filePath: Installation.value("VOELGOED_TEST_OPERATOR_VOELGOED_PLAN"))))
            let ready = plan["processes"]?.list?.compactMap { $0["ready_url"]?.text } ?? []
            #expect(ready.count >= 7)
            for url in ready {
                let base = String(url.dropLast("/health/ready".count))
                let answer = try await APIClient(key: nil, baseURL: base).get("/metrics")
                #expect(answer.status == 200)
                #expect(String(decoding: answer.data, as: UTF8.self).contains("# TYPE voelgoed_"))
            }
        }
    }
}
