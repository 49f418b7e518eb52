@main
struct Payments {
    static func main() {}
}
