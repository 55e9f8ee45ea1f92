import { readNumbers, runCommand } from '../command';
import { runLimits } from './run';

/** Payouts at the edge of a limit under kills; prints the figures. Exit code 1 when the limit was exceeded or a payout paid twice. */
runCommand(async () => {
  const options = readNumbers('limits', { payouts: [200, 8, 5_000], room: [100, 1, 5_000], kills: [12, 0, 1_000] });
  const result = await runLimits(options, (line) => console.log(line));
  console.log(result);
  const isHeld = result.mostMinor <= result.capMinor && result.paidTwice === 0;
  const isReached = result.refused > 0;
  if (!isReached) console.log('the limit was not reached: this proves nothing');
  console.log(
    isHeld ? 'approved and in doubt never exceeded the limit' : 'the limit was EXCEEDED, or a payout paid twice',
  );
  return isHeld && isReached ? 0 : 1;
});
