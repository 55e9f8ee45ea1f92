import type { PlantedBugs } from '../planted-bug';

/** Bugs that send what is not to be sent yet. */
export const UNAPPROVED: PlantedBugs = {
  'sends-before-its-time': {
    rule: 'Nothing is sent before its executeAt.',
    find: 'atMs < schedule.executeAtMs',
    replace: 'atMs < schedule.executeAtMs - 60_000',
  },
};
