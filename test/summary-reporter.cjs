/** Prints the closing line `N passed, N failed` (and names every skipped test: a skip is a tool that this machine lacks). */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) => file.testResults).filter((test) => test.status === "pending");
    for (const test of skipped) console.log(`skipped: ${test.fullName}`);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
    console.log(`\n${results.numPassedTests} passed, ${failed} failed${tail}`);
  }
};
