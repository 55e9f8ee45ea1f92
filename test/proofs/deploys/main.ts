import { readNumbers, runCommand } from '../command';
import { runCourses } from './courses';
import { runDeploys } from './run';

/** Deploys, rolls back and deploys again under load, then plays the other commands; prints the figures. Exit code 1 for anything stuck, failed, lost or paid twice. */
runCommand(async () => {
  const { payouts } = readNumbers('deploys', { payouts: [40, 3, 1_000] });
  const { findings, ...figures } = await runDeploys(payouts, (line) => console.log(line));
  console.log(figures);
  for (const { defect, clientOrderId, detail } of findings) console.log(`${defect} ${clientOrderId}: ${detail}`);
  const { approved, orders, failed } = figures;
  const wrong = await runCourses((line) => console.log(line));
  for (const line of wrong) console.log(`WRONG ${line}`);
  const isRight =
    wrong.length === 0 &&
    findings.length === 0 &&
    failed === 0 &&
    approved === figures.payouts &&
    orders === figures.payouts;
  console.log(isRight ? '0 stuck, 0 failed, 0 lost, 0 paid twice' : 'not every payout ended right');
  return isRight ? 0 : 1;
});
