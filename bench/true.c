// What every container of the benchmark runs: nothing, as quickly as a program can.
int main(void) { return 0; }
