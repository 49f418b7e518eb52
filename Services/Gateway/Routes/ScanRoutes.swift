import Contracts
import HTTPTypes

/// Scans, decided and kept by Scanning. The scan's own id makes a repetition harmless.
struct ScanRoutes: Sendable {
    private static let codeLength = 1...512

    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/scans", operationID: "recordScan",
                summary: "Scan a ticket at a gate. The same `id` always gets the same answer.", tag: .scans,
                access: .scope(.scansWrite), body: .json(.scanDraft, example: ScanDraft.example, check: .endpoint),
                answers: [.ok(.scanAnswer)], problems: [.notFound, .conflict], handle: record)
        ]
    }

    private func record(_ call: Call) async throws -> Reply {
        let scan: ScanDraft = try call.decode()
        guard Self.codeLength.contains(scan.code.unicodeScalars.count), !scan.code.utf8.contains(0) else {
            throw Problem.validation("code", "must have from 1 to 512 characters")
        }
        let answer = try await calls.askEncoded(
            RecordScan(scan: scan), organizationID: call.organizationID, correlationID: nil,
            traceparent: call.traceparent, timeout: .seconds(5))
        return .json(200, encoded: answer)
    }
}
