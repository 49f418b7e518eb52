import Contracts
import ServiceRuntime

/// Takes money and keeps the ledger.
@main
struct Payments {
    static func main() async {
        await ServiceProcess.run(.payments, build: buildPayments)
    }
}
